//! What the fields of a booking may hold.

use std::time::Duration;

use serde_json::json;

use super::{desk::Desk, desk::tells};
use crate::{Case, Message, Verdict};

pub(super) async fn participants_from_1_to_20(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let field = "numberOfParticipants";
    let (above, below) = (case.dice.within(22..10_000), case.dice.within(1..10_000));
    let below = -i64::try_from(below).unwrap_or(1);
    for bad in [
        json!(0),
        json!(21),
        json!(above),
        json!(below),
        json!(i64::MAX),
    ] {
        desk.faulty(field, bad).await?;
    }
    for good in [1, 20, case.dice.within(2..20)] {
        let booking = desk.with(field, good.into()).await?;
        desk.passes(desk.call().json(&booking)).await?;
    }
    Ok(())
}

pub(super) async fn the_date_is_after_today(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let field = "bookingDate";
    let (today, tomorrow) = (desk.town.day(0).await?, desk.town.day(1).await?);
    let year = case.dice.within(1990..2026);
    for bad in [format!("{year}-06-30"), today] {
        desk.faulty(field, bad.into()).await?;
    }
    let booking = desk.with(field, tomorrow.as_str().into()).await?;
    desk.passes(desk.call().json(&booking)).await?;
    // The same day, once it has come. The token of yesterday is dead by then.
    desk.town.pass(Duration::from_secs(24 * 60 * 60)).await?;
    let alice = desk.town.account("alice").await?;
    let desk = Desk { alice, ..desk };
    desk.faulty(field, tomorrow.into()).await
}

pub(super) async fn requests_of_500_characters(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let field = "specialRequests";
    let longer = usize::try_from(case.dice.within(502..4_000)).unwrap_or(502);
    for bad in ["x".repeat(501), "\u{1f30d}".repeat(501), "x".repeat(longer)] {
        desk.faulty(field, bad.into()).await?;
    }
    // A character that takes two, three or four bytes is one character.
    for character in ["é", "€", "\u{1f30d}"] {
        let booking = desk.with(field, character.repeat(500).into()).await?;
        desk.passes(desk.call().json(&booking)).await?;
    }
    Ok(())
}

pub(super) async fn all_faults_at_once(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let long = "x".repeat(501);
    for (body, fields) in [
        (
            json!({"tourId": case.dice.word(), "numberOfParticipants": 21, "bookingDate": "2020-01-01", "specialRequests": long}),
            &[
                "tourId",
                "numberOfParticipants",
                "bookingDate",
                "specialRequests",
            ][..],
        ),
        (
            json!({"numberOfParticipants": "deux", "bookingDate": "demain", "specialRequests": 5}),
            &[
                "tourId",
                "numberOfParticipants",
                "bookingDate",
                "specialRequests",
            ],
        ),
        (
            json!({}),
            &["tourId", "numberOfParticipants", "bookingDate"],
        ),
    ] {
        let answer = desk.refused(desk.call().json(&body), 400, "invalid_booking");
        let answer = answer.await?;
        for field in fields {
            tells(&answer, field)?;
        }
        let told = answer.json()["details"].as_array().map_or(0, Vec::len);
        if told != fields.len() {
            return Err(answer.differs(Message::new(
                format!("{} fautes dans details, une par champ", fields.len()),
                format!("{} faults in details, one a field", fields.len()),
            )));
        }
    }
    Ok(())
}

pub(super) async fn unknown_fields_are_refused(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let made_up = format!("x{}", case.dice.word());
    for (field, value) in [
        ("status", json!("confirmed")),
        ("totalCents", json!(1)),
        ("userId", json!(desk.tour)),
        ("number_of_participants", json!(2)),
        (made_up.as_str(), json!(true)),
    ] {
        desk.faulty(field, value).await?;
    }
    Ok(())
}
