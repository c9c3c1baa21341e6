//! The same rules where the text does not point: other spellings of a number, and other routes.

use http::Method;
use serde_json::{Value, json};

use crate::{Case, Criterion, Failure, Plan, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "a-count-is-written-as-an-integer",
            &["L10", "R14"],
            Text::new(
                "2.0, 1e1, \"2\", true et null ne sont pas des nombres de participants",
                "2.0, 1e1, \"2\", true and null are no numbers of participants",
            ),
            a_count_is_written_as_an_integer,
        ),
        Criterion::new(
            "each-route-has-its-own-type-and-size",
            &["R13", "API4:2023"],
            Text::new(
                "le type et la taille sont ceux de la route, formulaire ou longue description",
                "type and size are the route's, be it a form or a long description",
            ),
            each_route_has_its_own_type_and_size,
        ),
    ]
}

async fn a_count_is_written_as_an_integer(case: Case) -> Verdict {
    let town = case.town(Plan::default().spy("booking")).await?;
    let alice = town.account("alice").await?;
    let tomorrow = town.day(1).await?;
    for written in ["2.0", "2.5", "1e1", "\"2\"", "true", "null", "[2]", "{}"] {
        let body = format!(
            r#"{{"tourId":"0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10","numberOfParticipants":{written},"bookingDate":"{tomorrow}"}}"#
        );
        let call = alice.call(Method::POST, "/api/bookings");
        let answer = alice.send(call.text("application/json", body)).await?;
        let answer = answer.expect_refused(400, "invalid_booking")?;
        answer.expect(
            |answer| {
                let errors = answer.json()["errors"].clone();
                let errors = errors.as_array().cloned().unwrap_or_default();
                errors
                    .iter()
                    .any(|error| error["pointer"] == "/numberOfParticipants")
            },
            "une faute de pointeur /numberOfParticipants",
            "a fault with the pointer /numberOfParticipants",
        )?;
    }
    match town.seen("booking").await?.len() {
        0 => Ok(()),
        _ => Err(Failure::Broken("a refused booking arrived".to_owned())),
    }
}

async fn each_route_has_its_own_type_and_size(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let visitor = town.visitor()?;
    let token = |kind: &'static str, body: String| {
        let call = visitor.call(Method::POST, "/oauth/token");
        visitor.send(call.text(kind, body))
    };
    let (id, secret) = town.app_credentials();
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=tours:read"
    );
    let form_type = "application/x-www-form-urlencoded";
    token(form_type, form.clone()).await?.expect_status(200)?;
    let json = json!({"grant_type": "client_credentials"}).to_string();
    // The gateway's refusals: those of the authorisation server have the form of RFC 6749, without a code.
    let refused = token("application/json", json).await?;
    refused.expect_refused(415, "unsupported_media_type")?;
    let long = format!("{form}&x={}", "y".repeat(20_000));
    let refused = token(form_type, long).await?;
    refused.expect_refused(413, "body_too_large")?;
    let gina = town.account("gina").await?;
    let answer = gina
        .post("/api/tours", &long_tour(&case.dice.word()))
        .await?;
    answer.expect_status(201)?;
    Ok(())
}

/// Longer than a booking may be, and well within what a tour may be.
fn long_tour(word: &str) -> Value {
    let text = |start: &str| start.to_owned() + &"\u{26f5}".repeat(3_900);
    json!({
        "title": {"fr": format!("Régate {word}"), "en": format!("Regatta {word}")},
        "description": {"fr": text("Une journée en mer. "), "en": text("A whole day at sea. ")},
        "city": "Lorient", "country": "FR", "category": "sea", "durationHours": 7,
        "priceCents": 9_900, "currency": "EUR", "capacityPerDay": 24,
    })
}
