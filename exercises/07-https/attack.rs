//! On the inside network: one who only listens, and one who answers in booking's place.

use rustls::version::TLS13;
use serde_json::{Value, json};

use super::check::{book, pay};
use crate::{Failure, Ground, Impostor, Lang, Leaf, Loot, Overheard, Plan, Raid, Stamp, Tap};

/// What the man in the middle makes a trip cost.
const HIS_PRICE: i64 = 100;

pub async fn attack(ground: Ground) -> Raid {
    let heard = listen(&ground).await?;
    let charged = deceive(&ground).await?;
    if heard.is_none() && charged.is_none() {
        return Loot::nothing(
            "Rien de lu sur la ligne ; personne n’a parlé à l’imposteur.",
            "Nothing was read on the line; nobody spoke to the impostor.",
        );
    }
    let told = |lang| told(heard, charged, lang);
    Loot::taken(told(Lang::Fr), told(Lang::En))
}

fn told(heard: Option<usize>, charged: Option<(i64, i64)>, lang: Lang) -> String {
    let heard = heard.map(|amounts| match lang {
        Lang::Fr => format!("{amounts} montants lus sur la ligne"),
        Lang::En => format!("{amounts} amounts read on the line"),
    });
    let charged = charged.map(|(price, charged)| {
        let (price, charged) = (euros(price, lang), euros(charged, lang));
        match lang {
            Lang::Fr => format!("{charged} débités au lieu de {price}"),
            Lang::En => format!("{charged} charged instead of {price}"),
        }
    });
    let parts: Vec<_> = heard.into_iter().chain(charged).collect();
    format!("{}.", parts.join(", "))
}

fn euros(cents: i64, lang: Lang) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    match lang {
        Lang::Fr => format!("{whole},{rest:02} €"),
        Lang::En => format!("€{whole}.{rest:02}"),
    }
}

/// The amounts that went over the line between payment and booking in clear.
async fn listen(ground: &Ground) -> Result<Option<usize>, Failure> {
    ground.say(
        "Une sonde est posée entre payment et booking : elle relaie tout et recopie chaque octet.",
        "A probe sits between payment and booking: it relays everything and copies each byte.",
    );
    let tap = Tap::listen().await?;
    let line = format!("https://localhost:{}", tap.address().port());
    let plan = Plan::default().set("payment", "BOOKING_URL", line);
    let town = ground.town(plan).await?;
    tap.lead_to(town.address("booking")?);
    let alice = town.account("alice").await?;
    let (booking, _) = book(&town, &alice, ground.dice()).await?;
    let paid = pay(&alice, &booking, ground.dice()).await?;
    paid.expect_status(201)?;
    let heard = tap.heard();
    let amounts = String::from_utf8_lossy(&heard)
        .matches("\"amountCents\":")
        .count();
    ground.say(
        format!(
            "  {} octets recopiés, {amounts} montants lisibles",
            heard.len()
        ),
        format!("  {} bytes copied, {amounts} readable amounts", heard.len()),
    );
    Ok((amounts > 0).then_some(amounts))
}

/// The price of a trip and what was charged for it, when payment believed the man in the middle.
async fn deceive(ground: &Ground) -> Result<Option<(i64, i64)>, Failure> {
    ground.say(
        "Un imposteur prend l’adresse de booking, avec un certificat qu’il a signé lui-même : « ce voyage coûte 1 € ».",
        "An impostor takes booking's address, with a certificate that he signed himself: \"this trip costs €1\".",
    );
    let impostor = Impostor::listen(cheap).await?;
    let plan = Plan::default().set("payment", "BOOKING_URL", impostor.url());
    let town = ground.town(plan).await?;
    impostor.show(&Stamp::stranger()?.make(&Leaf::of("booking"))?, &TLS13)?;
    let alice = town.account("alice").await?;
    let (booking, price) = book(&town, &alice, ground.dice()).await?;
    let paid = pay(&alice, &booking, ground.dice()).await?;
    let charged = paid.json()["amountCents"].as_i64();
    ground.say(
        format!("  réponse de payment : {}", paid.status.as_u16()),
        format!("  payment's answer: {}", paid.status.as_u16()),
    );
    Ok(charged.map(|charged| (price, charged)))
}

/// Answers as booking would, at a price of his own.
fn cheap(told: &Overheard) -> Option<Value> {
    let path = told.line.split_once(' ')?.1;
    let rest = path.strip_prefix("/internal/bookings/")?;
    let (booking, rest) = rest.split_once('/')?;
    match rest.split_once("?userid=") {
        Some((_, user)) => Some(json!({
            "bookingId": booking, "userId": user, "amountCents": HIS_PRICE, "currency": "EUR", "status": "pending",
            "holdExpiresAt": "2999-01-01T00:00:00.000Z",
        })),
        None => Some(json!({"bookingId": booking, "status": "confirmed"})),
    }
}
