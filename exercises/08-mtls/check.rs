//! Lab 08: who may open a connection to a service, and who may ask it what (L14, L15).

#[path = "check/caller.rs"]
mod caller;

use http::Method;
use serde_json::json;
use uuid::Uuid;

use crate::{Case, Criterion, Dice, Leaf, Plan, Stamp, Text, Verdict};
pub(super) use caller::Caller;

/// The services that only services call, and where `cargo lab up` puts them.
pub const INSIDE: [(&str, u16); 5] = [
    ("auth", 3001),
    ("catalog", 3002),
    ("booking", 3003),
    ("payment", 3004),
    ("bank", 3005),
];

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "a-booking-is-paid",
            &["L14"],
            Text::new(
                "une réservation se paie toujours : les services se joignent entre eux",
                "a booking can still be paid: the services reach each other",
            ),
            a_booking_is_paid,
        ),
        Criterion::new(
            "who-is-on-the-list-is-let-in",
            &["L15"],
            Text::new(
                "chaque service de la liste obtient une réponse, aussi avec un certificat tout neuf",
                "each service on a list gets its answer, with a brand-new certificate too",
            ),
            who_is_on_the_list_is_let_in,
        ),
        Criterion::new(
            "no-certificate-no-connection",
            &["L15"],
            Text::new(
                "sans certificat client, la connexion est refusée",
                "without a client certificate there is no connection",
            ),
            no_certificate_no_connection,
        ),
        Criterion::new(
            "a-strangers-certificate-is-refused",
            &["L15"],
            Text::new(
                "un certificat au bon nom, mais signé par un inconnu, est refusé",
                "a certificate with the right name, but signed by a stranger, is refused",
            ),
            a_strangers_certificate_is_refused,
        ),
        Criterion::new(
            "an-expired-certificate-is-refused",
            &["L15"],
            Text::new(
                "un certificat expiré est refusé",
                "an expired certificate is refused",
            ),
            an_expired_certificate_is_refused,
        ),
        Criterion::new(
            "the-public-certificate-opens-nothing",
            &["L15"],
            Text::new(
                "le certificat public de la passerelle n’ouvre aucun service",
                "the gateway's public certificate opens no service",
            ),
            the_public_certificate_opens_nothing,
        ),
        Criterion::new(
            "who-is-not-on-the-list-gets-403",
            &["L14", "L15"],
            Text::new(
                "un service authentique qui n’est pas sur la liste reçoit 403",
                "a genuine service that is not on the list gets 403",
            ),
            who_is_not_on_the_list_gets_403,
        ),
        Criterion::new(
            "a-name-counts-whole",
            &["L15"],
            Text::new(
                "un nom qui ressemble à un nom de la liste n’y est pas",
                "a name that looks like one on the list is not on it",
            ),
            a_name_counts_whole,
        ),
    ]
}

pub fn some_id(dice: &Dice) -> Uuid {
    Uuid::from_u64_pair(dice.next(), dice.next())
}

async fn a_booking_is_paid(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let tours = alice.get("/api/tours?limit=5").await?.expect_status(200)?;
    let tour = tours.field(&format!("/items/{}/id", case.dice.within(0..5)))?;
    let day = town.day(case.dice.within(2..60)).await?;
    let wanted = json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": day});
    let booking = alice.post("/api/bookings", &wanted).await?;
    let booking = booking.expect_status(201)?.field("/id")?;
    let order = json!({"bookingId": booking, "cardToken": "tok_accepted"});
    let call = alice.call(Method::POST, "/api/payments").json(&order);
    let call = call.header("idempotency-key", case.dice.word());
    alice.send(call).await?.expect_status(201)?;
    let path = format!("/api/bookings/{booking}");
    let shown = alice.get(&path).await?.expect_status(200)?;
    shown.expect(
        |answer| answer.json()["status"] == "confirmed",
        "\"status\":\"confirmed\" : payment a pu le dire à booking",
        "\"status\":\"confirmed\": payment could tell booking",
    )?;
    Ok(())
}

async fn who_is_on_the_list_is_let_in(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let id = some_id(&case.dice);
    let gateway = Caller::of(&town, "gateway")?;
    gateway
        .get("booking", "/bookings")
        .await?
        .expect(200, None)?;
    gateway
        .get("payment", "/payments")
        .await?
        .expect(200, None)?;
    // There is no such thing, and that is the answer of the route itself: the caller was let in.
    let charge = format!("/internal/bookings/{id}/charge?userId={id}");
    let payment = Caller::of(&town, "payment")?;
    let asked = payment.get("booking", &charge);
    asked.await?.expect(404, Some("not_found"))?;
    let tour = format!("/internal/tours/{id}");
    let booking = Caller::of(&town, "booking")?;
    let asked = booking.get("catalog", &tour);
    asked.await?.expect(404, Some("not_found"))?;
    let refund = json!({"bookingId": id, "paymentId": id});
    let asked = booking.post("payment", "/internal/refunds", &refund);
    asked.await?.expect(404, Some("not_found"))?;
    let renewed = Stamp::inside(&town)?.make(&Leaf::of("gateway"))?;
    let renewed = Caller::with(&town, renewed, "gateway-renewed.pem")?;
    renewed.get("booking", "/bookings").await?.expect(200, None)
}

async fn no_certificate_no_connection(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let nobody = Caller::without_certificate(&town)?;
    for (service, _) in INSIDE {
        nobody.get(service, "/").await?.expect_no_connection()?;
    }
    Ok(())
}

async fn a_strangers_certificate_is_refused(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let forged = Stamp::stranger()?.make(&Leaf::of("gateway"))?;
    let forger = Caller::with(&town, forged, "gateway-forged.pem")?;
    for (service, _) in INSIDE {
        forger.get(service, "/").await?.expect_no_connection()?;
    }
    Ok(())
}

async fn an_expired_certificate_is_refused(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let old = Stamp::inside(&town)?.make(&Leaf::of("gateway").expired())?;
    let late = Caller::with(&town, old, "gateway-expired.pem")?;
    for (service, _) in INSIDE {
        late.get(service, "/").await?.expect_no_connection()?;
    }
    Ok(())
}

async fn the_public_certificate_opens_nothing(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let edge = Caller::of(&town, "edge")?;
    for (service, _) in INSIDE {
        edge.get(service, "/").await?.expect_no_connection()?;
    }
    Ok(())
}

async fn who_is_not_on_the_list_gets_403(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let id = some_id(&case.dice);
    let charge = format!("/internal/bookings/{id}/charge?userId={id}");
    let tour = format!("/internal/tours/{id}");
    for (caller, service, path) in [
        ("catalog", "payment", "/payments"),
        ("booking", "payment", "/payments"),
        ("payment", "booking", "/bookings"),
        ("gateway", "booking", charge.as_str()),
        ("catalog", "booking", charge.as_str()),
        ("gateway", "catalog", tour.as_str()),
        ("payment", "catalog", "/tours"),
        ("booking", "auth", "/auth/me"),
    ] {
        let reply = Caller::of(&town, caller)?.get(service, path).await?;
        reply.expect(403, Some("caller_not_allowed"))?;
    }
    Ok(())
}

async fn a_name_counts_whole(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let stamp = Stamp::inside(&town)?;
    for name in ["gateway-old", "old-gateway", "gate", "gatewa"] {
        let certificate = stamp.make(&Leaf::of(name))?;
        let caller = Caller::with(&town, certificate, &format!("{name}.pem"))?;
        let reply = caller.get("booking", "/bookings").await?;
        reply.expect(403, Some("caller_not_allowed"))?;
    }
    Ok(())
}
