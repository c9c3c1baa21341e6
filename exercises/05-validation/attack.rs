//! Bodies that nobody should send, once against the real platform for what they do there, and once with a spy in
//! booking's place for what arrives.

use http::Method;
use serde_json::{Value, json};

use crate::{Call, Failure, Ground, Loot, Message, Plan, Raid, Town, Visitor};

const BOOKINGS: &str = "/api/bookings";
const TEN_MEGABYTES: usize = 10 * 1024 * 1024;
/// A gateway that refuses has let no more than its window go by.
const A_WINDOW: usize = 4 * 1024 * 1024;

pub async fn attack(ground: Ground) -> Raid {
    let mut taken = Vec::new();
    taken.extend(on_the_platform(&ground).await?);
    taken.extend(past_the_gateway(&ground).await?);
    taken.extend(ten_megabytes(&ground).await?);
    let join = |language: fn(&Message) -> &String| {
        let all: Vec<&str> = taken.iter().map(|what| language(what).as_str()).collect();
        all.join(", ")
    };
    if taken.is_empty() {
        return Loot::nothing(
            "9 corps envoyés, 9 refusés par la passerelle : rien n'est arrivé chez booking",
            "9 bodies sent, 9 refused by the gateway: nothing arrived at booking",
        );
    }
    Loot::taken(
        format!(
            "{} corps sur 9 ont passé : {}",
            taken.len(),
            join(|what| &what.fr)
        ),
        format!(
            "{} of 9 bodies came through: {}",
            taken.len(),
            join(|what| &what.en)
        ),
    )
}

/// What the booking service takes for good once the gateway and its own schema have let it in.
async fn on_the_platform(ground: &Ground) -> Result<Vec<Message>, Failure> {
    let town = ground.town(Plan::default()).await?;
    let mallory = mallory(&town).await?;
    let tours = mallory
        .get("/api/tours?limit=1")
        .await?
        .expect_status(200)?;
    let tour = tours.field("/items/0/id")?;
    ground.say(
        "Réserver pour le 14 juillet 1998, puis laisser 10 000 caractères de demandes particulières.",
        "Book for 14 July 1998, then leave 10,000 characters of special requests.",
    );
    let mut past = body(&tour, "1998-07-14");
    let booked = mallory.post(BOOKINGS, &past).await?;
    let mut taken = Vec::new();
    if booked.status == 201 {
        taken.push(Message::new(
            "une réservation pour 1998",
            "a booking for 1998",
        ));
    }
    past["bookingDate"] = town.day(9).await?.into();
    past["specialRequests"] = "x".repeat(10_000).into();
    let booked = mallory.post(BOOKINGS, &past).await?;
    let kept = booked.json()["specialRequests"]
        .as_str()
        .map_or(0, str::len);
    if kept == 10_000 {
        taken.push(Message::new(
            "10 000 caractères gardés en base",
            "10,000 characters kept in the database",
        ));
    }
    Ok(taken)
}

async fn past_the_gateway(ground: &Ground) -> Result<Vec<Message>, Failure> {
    let town = ground.town(Plan::default().spy("booking")).await?;
    let mallory = mallory(&town).await?;
    let good = body("0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10", &town.day(9).await?);
    let with = |field: &str, value: Value| {
        let mut booking = good.clone();
        booking[field] = value;
        booking.to_string()
    };
    ground.say(
        "0, 21 puis −4 participants ; un champ status à confirmed ; le même JSON sous d'autres étiquettes.",
        "0, 21, then −4 participants; a field status of confirmed; the same JSON under other labels.",
    );
    let json = "application/json";
    let mut taken = Vec::new();
    for (kind, text, fr, en) in [
        (
            json,
            with("numberOfParticipants", json!(0)),
            "0 participant",
            "0 participants",
        ),
        (
            json,
            with("numberOfParticipants", json!(21)),
            "21 participants",
            "21 participants",
        ),
        (
            json,
            with("numberOfParticipants", json!(-4)),
            "−4 participants",
            "−4 participants",
        ),
        (
            json,
            with("status", json!("confirmed")),
            "status: confirmed",
            "status: confirmed",
        ),
        (
            "application/xml",
            good.to_string(),
            "un corps étiqueté XML",
            "a body labelled XML",
        ),
        (
            "text/plain",
            good.to_string(),
            "un corps étiqueté text/plain",
            "a body labelled text/plain",
        ),
    ] {
        let before = town.seen("booking").await?.len();
        let call = mallory
            .call(Method::POST, BOOKINGS)
            .text(kind, text.as_str());
        mallory.send(call).await?;
        let seen = town.seen("booking").await?;
        let whole = |body: &str| kind != json || same(body, &text);
        if seen.len() > before && seen.last().is_some_and(|seen| whole(&seen.body)) {
            taken.push(Message::new(fr, en));
        }
    }
    Ok(taken)
}

/// Whether the gateway reads on and on, whoever may refuse it in the end.
async fn ten_megabytes(ground: &Ground) -> Result<Vec<Message>, Failure> {
    let town = ground.town(Plan::default()).await?;
    let mallory = mallory(&town).await?;
    ground.say(
        "10 Mo de demandes particulières, au compte-gouttes et sans dire combien il y en aura.",
        "10 MB of special requests, bit by bit and without saying how much there will be.",
    );
    let mut large = body("0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10", &town.day(9).await?);
    large["specialRequests"] = "x".repeat(TEN_MEGABYTES).into();
    let call: Call = mallory
        .call(Method::POST, BOOKINGS)
        .json(&large)
        .in_pieces();
    let answer = mallory.send(call).await?;
    let read = answer.call.taken();
    if read <= A_WINDOW {
        return Ok(Vec::new());
    }
    Ok(vec![Message::new(
        format!("{} Mo lus en mémoire avant toute réponse", read >> 20),
        format!("{} MB read into memory before any answer", read >> 20),
    )])
}

async fn mallory(town: &Town) -> Result<Visitor, Failure> {
    town.account("alice").await
}

fn body(tour: &str, day: &str) -> Value {
    json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": day})
}

fn same(body: &str, sent: &str) -> bool {
    let read = |text| serde_json::from_str::<Value>(text).unwrap_or_default();
    read(body) == read(sent)
}
