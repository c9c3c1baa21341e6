//! Lab 07: what goes over the lines between services, and to whom (L13, R12).

#[path = "check/certificates.rs"]
mod certificates;

use http::Method;
use serde_json::json;

use crate::{
    Answer, Case, Criterion, Dice, Failure, Hello, Message, Plan, Tap, Text, Town, Verdict, Visitor,
};
pub(super) use certificates::expect_not_believed;
pub(super) use certificates::paid_to_impostor;

/// TLS_SHA256_SHA256 of RFC 9150: signed, not encrypted.
const INTEGRITY_ONLY: u16 = 0xc0b4;
/// What every implementation of TLS 1.3 has (RFC 8446 section 9.1).
const AES_128_GCM: u16 = 0x1301;
const INSIDE: [&str; 5] = ["auth", "catalog", "booking", "payment", "bank"];

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "a-booking-is-paid",
            &["L14"],
            Text::new(
                "une réservation se paie toujours, à travers cinq services",
                "a booking can still be paid, through five services",
            ),
            a_booking_is_paid,
        ),
        Criterion::new(
            "who-listens-reads-nothing",
            &["L13", "L18", "R12"],
            Text::new(
                "qui écoute la ligne entre payment et booking n’y lit ni montant ni réservation",
                "who listens on the line between payment and booking reads neither amount nor booking",
            ),
            who_listens_reads_nothing,
        ),
        Criterion::new(
            "a-suite-without-encryption-is-refused",
            &["R12"],
            Text::new(
                "une suite qui signe sans chiffrer est refusée partout",
                "a suite that signs without encrypting is refused everywhere",
            ),
            a_suite_without_encryption_is_refused,
        ),
        Criterion::new(
            "tls-1-2-is-refused-inside",
            &["L13", "R12"],
            Text::new(
                "à l’intérieur, TLS 1.2 et ses aînés sont refusés, et TLS 1.3 accepté",
                "inside, TLS 1.2 and its elders are refused, and TLS 1.3 is taken",
            ),
            tls_1_2_is_refused_inside,
        ),
        Criterion::new(
            "the-edge-takes-tls-1-2-where-it-is-asked-for",
            &["R12"],
            Text::new(
                "la face publique prend TLS 1.2 quand le réglage le demande, jamais 1.0 ni 1.1",
                "the public face takes TLS 1.2 where the setting asks for it, never 1.0 or 1.1",
            ),
            the_edge_takes_tls_1_2_where_it_is_asked_for,
        ),
        Criterion::new(
            "the-right-certificate-is-believed",
            &["L15"],
            Text::new(
                "payment parle à booking, aussi quand son certificat vient d’être renouvelé",
                "payment speaks to booking, when its certificate has just been renewed too",
            ),
            certificates::the_right_certificate_is_believed,
        ),
        Criterion::new(
            "a-strangers-certificate-is-not-believed",
            &["L13", "L14"],
            Text::new(
                "payment ne dit rien à un « booking » dont le certificat vient d’un inconnu",
                "payment tells nothing to a \"booking\" whose certificate comes from a stranger",
            ),
            certificates::a_strangers_certificate_is_not_believed,
        ),
        Criterion::new(
            "an-expired-certificate-is-not-believed",
            &["L13"],
            Text::new(
                "payment ne dit rien à un « booking » dont le certificat a expiré",
                "payment tells nothing to a \"booking\" whose certificate has expired",
            ),
            certificates::an_expired_certificate_is_not_believed,
        ),
        Criterion::new(
            "another-service-does-not-answer-in-its-place",
            &["L14", "L15"],
            Text::new(
                "un autre service de la plateforme ne peut pas répondre à la place de booking",
                "another service of the platform cannot answer in booking's place",
            ),
            certificates::another_service_does_not_answer_in_its_place,
        ),
    ]
}

/// A booking of this visitor's, and what it costs in cents.
pub async fn book(town: &Town, visitor: &Visitor, dice: &Dice) -> Result<(String, i64), Failure> {
    let tours = visitor.get("/api/tours?limit=5").await?;
    let tours = tours.expect_status(200)?;
    let tour = tours.field(&format!("/items/{}/id", dice.within(0..5)))?;
    let day = town.day(dice.within(2..60)).await?;
    let wanted = json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": day});
    let booking = visitor.post("/api/bookings", &wanted).await?;
    let booking = booking.expect_status(201)?;
    let cents = booking.json()["totalCents"].as_i64().unwrap_or_default();
    Ok((booking.field("/id")?, cents))
}

pub async fn pay(visitor: &Visitor, booking: &str, dice: &Dice) -> Result<Answer, Failure> {
    let order = json!({"bookingId": booking, "cardToken": "tok_accepted"});
    let call = visitor.call(Method::POST, "/api/payments").json(&order);
    visitor
        .send(call.header("idempotency-key", dice.word()))
        .await
}

async fn a_booking_is_paid(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let (booking, cents) = book(&town, &alice, &case.dice).await?;
    let paid = pay(&alice, &booking, &case.dice).await?;
    paid.expect_status(201)?.expect(
        |answer| answer.json()["amountCents"] == cents,
        format!("\"amountCents\":{cents}, le prix du catalogue"),
        format!("\"amountCents\":{cents}, the catalogue's price"),
    )?;
    Ok(())
}

async fn who_listens_reads_nothing(case: Case) -> Verdict {
    let tap = Tap::listen().await?;
    let line = format!("https://localhost:{}", tap.address().port());
    let plan = Plan::default().set("payment", "BOOKING_URL", line);
    let town = case.town(plan).await?;
    tap.lead_to(town.address("booking")?);
    let alice = town.account("alice").await?;
    let (booking, _) = book(&town, &alice, &case.dice).await?;
    let paid = pay(&alice, &booking, &case.dice).await?;
    let paid = paid.expect_status(201)?;
    if tap.heard().is_empty() {
        return Err(Failure::Broken("nothing went over the line".to_owned()));
    }
    for secret in ["amountCents", booking.as_str()] {
        if tap.hears(secret) {
            let expected = Message::new(
                "sur la ligne, rien que des octets chiffrés",
                "on the line, nothing but encrypted bytes",
            );
            let call = &paid.call;
            let came = format!("…{secret}…");
            return Err(Failure::differs(call, expected, came));
        }
    }
    Ok(())
}

async fn a_suite_without_encryption_is_refused(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    for service in INSIDE.into_iter().chain(["gateway"]) {
        offer(&town, service, &Hello::tls13(&[AES_128_GCM]), true).await?;
        offer(&town, service, &Hello::tls13(&[INTEGRITY_ONLY]), false).await?;
    }
    Ok(())
}

async fn tls_1_2_is_refused_inside(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    for service in INSIDE {
        offer(&town, service, &Hello::tls13(&[AES_128_GCM]), true).await?;
        for version in [0x0301, 0x0302, 0x0303] {
            offer(&town, service, &Hello::old(version), false).await?;
        }
    }
    Ok(())
}

async fn the_edge_takes_tls_1_2_where_it_is_asked_for(case: Case) -> Verdict {
    let plan = Plan::default().set("gateway", "EDGE_TLS_MIN", "1.2");
    let town = case.town(plan).await?;
    offer(&town, "gateway", &Hello::tls13(&[AES_128_GCM]), true).await?;
    offer(&town, "gateway", &Hello::old(0x0303), true).await?;
    offer(&town, "gateway", &Hello::old(0x0302), false).await?;
    offer(&town, "gateway", &Hello::old(0x0301), false).await?;
    let usual = case.town(Plan::default()).await?;
    offer(&usual, "gateway", &Hello::old(0x0303), false).await
}

/// Offers this to a listener, which must go on with it, or must not.
pub async fn offer(town: &Town, service: &str, hello: &Hello, wanted: bool) -> Verdict {
    let said = |accepted: bool| match accepted {
        true => Message::new("négociation acceptée", "handshake goes on"),
        false => Message::new("négociation refusée", "handshake refused"),
    };
    let accepted = hello.is_accepted(town.address(service)?).await?;
    if accepted == wanted {
        return Ok(());
    }
    let minor = hello.version - 0x0301;
    let suites = hello.suites.iter().map(|suite| format!("{suite:#06x}"));
    let suites = suites.collect::<Vec<_>>().join(", ");
    let done = format!("ClientHello → {service} : TLS 1.{minor}, {suites}");
    Err(Failure::seen(done, said(wanted), said(accepted).en))
}
