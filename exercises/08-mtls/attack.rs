//! Around the gateway: who stands on the inside network speaks to booking and to payment directly, and travels free.

use http::Method;
use serde_json::{Value, json};

use super::check::{Caller, some_id};
use crate::{Failure, Ground, Loot, Plan, Raid, Town, Visitor};

/// Looks at something that changes by itself, one after the other: a second or so in all.
const LOOKS: usize = 200;

struct Trip {
    booking: String,
    cents: i64,
}

pub async fn attack(ground: Ground) -> Raid {
    let town = ground.town(Plan::default()).await?;
    let password = ground.dice().word();
    let mallory = town.visitor()?.register("mallory", &password).await?;
    ground.say(
        "Mallory réserve deux voyages par la passerelle, comme tout le monde, et paie le second.",
        "Mallory books two trips through the gateway, like everybody, and pays the second one.",
    );
    let unpaid = book(&town, &mallory).await?;
    let paid = book(&town, &mallory).await?;
    let payment = pay(&ground, &mallory, &paid).await?;

    ground.say(
        format!(
            "Elle parle ensuite à booking-service sans passer par la passerelle : « la réservation {} est payée ».",
            unpaid.booking
        ),
        format!(
            "Then she speaks to booking-service around the gateway: \"booking {} is paid\".",
            unpaid.booking
        ),
    );
    let confirm = json!({
        "paymentId": some_id(ground.dice()), "amountCents": unpaid.cents, "currency": "EUR",
    });
    let path = format!("/internal/bookings/{}/confirm", unpaid.booking);
    let free = order(&ground, &town, "booking", &path, &confirm).await?;
    let shown = format!("/api/bookings/{}", unpaid.booking);
    let free = free && becomes(&mallory, &shown, "confirmed").await?;

    ground.say(
        "Et à payment-service : « rembourse le second voyage ».",
        "And to payment-service: \"refund the second trip\".",
    );
    let refund = json!({"bookingId": paid.booking, "paymentId": payment});
    let back = order(&ground, &town, "payment", "/internal/refunds", &refund).await?;
    let shown = format!("/api/payments/{payment}");
    let back = back && becomes(&mallory, &shown, "refunded").await?;
    told(free.then_some(unpaid.cents), back.then_some(paid.cents))
}

/// Without a certificate; if that is refused, with one that was stolen from the least guarded service.
async fn order(
    ground: &Ground,
    town: &Town,
    service: &str,
    path: &str,
    body: &Value,
) -> Result<bool, Failure> {
    let thieves = [
        (
            Caller::without_certificate(town)?,
            "sans certificat",
            "without a certificate",
        ),
        (
            Caller::of(town, "catalog")?,
            "avec le certificat volé à catalog-service",
            "with the certificate stolen from catalog-service",
        ),
    ];
    for (caller, how_fr, how_en) in thieves {
        let reply = caller.post(service, path, body).await?;
        let (met_fr, met_en, done) = match &reply.came {
            Ok((status @ 200..300, _)) => (
                format!("accepté ({status})"),
                format!("accepted ({status})"),
                true,
            ),
            Ok((status, body)) => (
                format!("refusé ({status} {})", body["code"]),
                format!("refused ({status} {})", body["code"]),
                false,
            ),
            Err(_) => (
                "pas de connexion".to_owned(),
                "no connection".to_owned(),
                false,
            ),
        };
        ground.say(
            format!("  {how_fr} : {met_fr}"),
            format!("  {how_en}: {met_en}"),
        );
        if done {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn book(town: &Town, visitor: &Visitor) -> Result<Trip, Failure> {
    let tours = visitor
        .get("/api/tours?limit=1")
        .await?
        .expect_status(200)?;
    let wanted = json!({
        "tourId": tours.field("/items/0/id")?, "numberOfParticipants": 2, "bookingDate": town.day(30).await?,
    });
    let booking = visitor.post("/api/bookings", &wanted).await?;
    let booking = booking.expect_status(201)?;
    Ok(Trip {
        booking: booking.field("/id")?,
        cents: booking.json()["totalCents"].as_i64().unwrap_or_default(),
    })
}

async fn pay(ground: &Ground, visitor: &Visitor, trip: &Trip) -> Result<String, Failure> {
    let order = json!({"bookingId": trip.booking, "cardToken": "tok_accepted"});
    let call = visitor.call(Method::POST, "/api/payments").json(&order);
    let call = call.header("idempotency-key", ground.dice().word());
    visitor.send(call).await?.expect_status(201)?.field("/id")
}

/// Whether what Mallory sees through the gateway comes to this state. Refunds are done a moment after their order.
async fn becomes(visitor: &Visitor, path: &str, state: &str) -> Result<bool, Failure> {
    for _ in 0..LOOKS {
        let shown = visitor.get(path).await?.expect_status(200)?;
        if shown.field("/status")? == state {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was never paid, and what came back, in cents.
fn told(free: Option<i64>, back: Option<i64>) -> Raid {
    let trips = usize::from(free.is_some()) + usize::from(back.is_some());
    let cents = free.unwrap_or_default() + back.unwrap_or_default();
    if trips == 0 {
        return Loot::nothing(
            "Aucun service n’a écouté : deux ordres, quatre essais, rien de gagné.",
            "No service listened: two orders, four tries, nothing gained.",
        );
    }
    let (euros, rest) = (cents / 100, cents % 100);
    Loot::taken(
        format!(
            "Réservations confirmées et gratuites : {trips}, d’une valeur de {euros},{rest:02} €."
        ),
        format!("Bookings confirmed and free of charge: {trips}, worth €{euros}.{rest:02}."),
    )
}
