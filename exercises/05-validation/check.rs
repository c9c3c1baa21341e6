//! What lab 05 asks for, seen from outside: which bodies come in, what the client is told of the others, and what the
//! booking service reads.

#[path = "check/desk.rs"]
mod desk;
#[path = "check/transport.rs"]
mod transport;
#[path = "check/values.rs"]
mod values;

use serde_json::{Value, json};

use crate::{Case, Criterion, Failure, Message, Plan, Text, Verdict};
use desk::Desk;

const BOOKINGS: &str = "/api/bookings";
/// Of a body on this route, in bytes: what `gateway/routes.toml` says where it says nothing.
const MOST: usize = 16_384;

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "valid-bookings-pass",
            &["L4", "L10"],
            Text::new(
                "une réservation valide est prise, jusqu'aux bornes",
                "a valid booking is taken, up to the bounds",
            ),
            valid_bookings_pass,
        ),
        Criterion::new(
            "the-service-reads-the-validated-value",
            &["L10", "R14"],
            Text::new(
                "le service lit la valeur validée, pas ce qui a été tapé",
                "the service reads the validated value, not what was typed",
            ),
            the_service_reads_the_validated_value,
        ),
        Criterion::new(
            "participants-from-1-to-20",
            &["L10", "R14"],
            Text::new(
                "numberOfParticipants va de 1 à 20",
                "numberOfParticipants goes from 1 to 20",
            ),
            values::participants_from_1_to_20,
        ),
        Criterion::new(
            "the-date-is-after-today",
            &["L10", "R14"],
            Text::new(
                "bookingDate est après aujourd'hui, à l'horloge du serveur",
                "bookingDate is after today, by the server's clock",
            ),
            values::the_date_is_after_today,
        ),
        Criterion::new(
            "requests-of-500-characters",
            &["L10", "API4:2023"],
            Text::new(
                "specialRequests a au plus 500 caractères, accents et émojis compris",
                "specialRequests has at most 500 characters, accents and emoji included",
            ),
            values::requests_of_500_characters,
        ),
        Criterion::new(
            "all-faults-at-once",
            &["L5", "L10"],
            Text::new(
                "toutes les fautes sont dites d'un coup, champ par champ",
                "all faults are told at once, field by field",
            ),
            values::all_faults_at_once,
        ),
        Criterion::new(
            "unknown-fields-are-refused",
            &["R14", "API3:2023"],
            Text::new(
                "un champ que personne n'a demandé est refusé",
                "a field that nobody asked for is refused",
            ),
            values::unknown_fields_are_refused,
        ),
        Criterion::new(
            "only-json-comes-in",
            &["R13"],
            Text::new(
                "un corps d'un autre type que JSON en UTF-8 reçoit 415",
                "a body of another type than JSON in UTF-8 gets 415",
            ),
            transport::only_json_comes_in,
        ),
        Criterion::new(
            "who-cannot-read-json-gets-406",
            &["R13"],
            Text::new(
                "qui n'accepte pas JSON en réponse reçoit 406, un navigateur passe",
                "who does not accept JSON as an answer gets 406, a browser passes",
            ),
            transport::who_cannot_read_json_gets_406,
        ),
        Criterion::new(
            "too-long-is-cut",
            &["API4:2023"],
            Text::new(
                "un corps plus long que la route ne permet reçoit 413, longueur annoncée ou non",
                "a body longer than the route allows gets 413, its length declared or not",
            ),
            transport::too_long_is_cut,
        ),
    ]
}

async fn valid_bookings_pass(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let tours = alice.get("/api/tours?limit=20").await?.expect_status(200)?;
    let tours = tours.json()["items"].as_array().cloned();
    let roomy = |tour: &&Value| tour["capacityPerDay"].as_i64() >= Some(20);
    let tours = tours.unwrap_or_default();
    let tour = tours.iter().find(roomy).map(|tour| tour["id"].clone());
    let tour = tour.ok_or_else(|| Failure::Broken("no tour for twenty".to_owned()))?;
    let (tomorrow, later) = (
        town.day(1).await?,
        town.day(case.dice.within(2..300)).await?,
    );
    for booking in [
        json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": tomorrow}),
        json!({"tourId": tour, "numberOfParticipants": 20, "bookingDate": later, "specialRequests": "é".repeat(500)}),
        json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": tomorrow, "specialRequests": ""}),
    ] {
        let answer = alice.post(BOOKINGS, &booking).await?.expect_status(201)?;
        let kept = answer.json();
        let all = booking.as_object().into_iter().flatten();
        for (field, value) in all {
            if kept[field] != *value {
                return Err(answer.differs(Message::plain(format!("\"{field}\": {value:.60}"))));
            }
        }
    }
    Ok(())
}

async fn the_service_reads_the_validated_value(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let mut booking = desk.booking().await?;
    let wish = format!("  une table près de la fenêtre {} ", case.dice.word());
    booking["specialRequests"] = wish.as_str().into();
    let typed = booking.to_string().replace(',', " ,\r\n\t ");
    let typed = typed.replace(&desk.tour, &desk.tour.to_uppercase());
    let call = desk
        .call()
        .text("Application/JSON; charset=\"UTF-8\"", typed);
    let answer = desk.passes(call).await?;
    let seen = desk.town.seen("booking").await?;
    let seen = seen
        .last()
        .ok_or_else(|| Failure::Broken("no call".into()))?;
    let read: Value = serde_json::from_str(&seen.body).unwrap_or_default();
    let tidy = !seen.body.contains(['\r', '\n', '\t']);
    if read == booking && tidy && seen.header("content-type") == "application/json" {
        return Ok(());
    }
    let expected = format!("content-type: application/json / {booking}");
    let came = format!(
        "content-type: {} / {}",
        seen.header("content-type"),
        seen.body
    );
    Err(
        Failure::differs(&answer.call, Message::plain(expected), came).note(
            "Ce qui est comparé est ce que le service booking a reçu.",
            "What is compared is what the booking service received.",
        ),
    )
}
