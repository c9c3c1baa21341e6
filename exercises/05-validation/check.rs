//! What lab 05 asks for, seen from outside: which bodies come in, what the client is told of the others, and what the
//! booking service reads.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{Answer, Call, Case, Criterion, Failure, Message, Plan, Text, Town, Verdict, Visitor};

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
            participants_from_1_to_20,
        ),
        Criterion::new(
            "the-date-is-after-today",
            &["L10", "R14"],
            Text::new(
                "bookingDate est après aujourd'hui, à l'horloge du serveur",
                "bookingDate is after today, by the server's clock",
            ),
            the_date_is_after_today,
        ),
        Criterion::new(
            "requests-of-500-characters",
            &["L10", "API4:2023"],
            Text::new(
                "specialRequests a au plus 500 caractères, accents et émojis compris",
                "specialRequests has at most 500 characters, accents and emoji included",
            ),
            requests_of_500_characters,
        ),
        Criterion::new(
            "all-faults-at-once",
            &["L5", "L10"],
            Text::new(
                "toutes les fautes sont dites d'un coup, champ par champ",
                "all faults are told at once, field by field",
            ),
            all_faults_at_once,
        ),
        Criterion::new(
            "unknown-fields-are-refused",
            &["R14", "API3:2023"],
            Text::new(
                "un champ que personne n'a demandé est refusé",
                "a field that nobody asked for is refused",
            ),
            unknown_fields_are_refused,
        ),
        Criterion::new(
            "only-json-comes-in",
            &["R13"],
            Text::new(
                "un corps d'un autre type que JSON en UTF-8 reçoit 415",
                "a body of another type than JSON in UTF-8 gets 415",
            ),
            only_json_comes_in,
        ),
        Criterion::new(
            "who-cannot-read-json-gets-406",
            &["R13"],
            Text::new(
                "qui n'accepte pas JSON en réponse reçoit 406, un navigateur passe",
                "who does not accept JSON as an answer gets 406, a browser passes",
            ),
            who_cannot_read_json_gets_406,
        ),
        Criterion::new(
            "too-long-is-cut",
            &["API4:2023"],
            Text::new(
                "un corps plus long que la route ne permet reçoit 413, longueur annoncée ou non",
                "a body longer than the route allows gets 413, its length declared or not",
            ),
            too_long_is_cut,
        ),
    ]
}

/// A platform with a spy in booking's place: "refused" means that nothing arrived there.
struct Desk {
    town: Town,
    alice: Visitor,
    /// No tour of the catalogue: the spy does not look it up.
    tour: String,
}

impl Desk {
    async fn open(case: &Case) -> Result<Self, Failure> {
        let town = case.town(Plan::default().spy("booking")).await?;
        let alice = town.account("alice").await?;
        let tour = format!(
            "{:08x}-58a5-4b3b-9d52-{}",
            case.dice.within(0..0xffff_ffff),
            &case.dice.word()[..12]
        );
        Ok(Self { town, alice, tour })
    }

    async fn booking(&self) -> Result<Value, Failure> {
        let tomorrow = self.town.day(1).await?;
        Ok(json!({"tourId": self.tour, "numberOfParticipants": 2, "bookingDate": tomorrow}))
    }

    /// A good booking but for this field.
    async fn with(&self, field: &str, value: Value) -> Result<Value, Failure> {
        let mut booking = self.booking().await?;
        booking[field] = value;
        Ok(booking)
    }

    fn call(&self) -> Call {
        self.alice.call(Method::POST, BOOKINGS)
    }

    async fn arrived(&self) -> Result<usize, Failure> {
        Ok(self.town.seen("booking").await?.len())
    }

    /// The service gets it.
    async fn passes(&self, call: Call) -> Result<Answer, Failure> {
        let before = self.arrived().await?;
        let answer = self.alice.send(call).await?.expect_status(200)?;
        match self.arrived().await? - before {
            1 => Ok(answer),
            times => Err(answer.differs(Message::new(
                format!("une demande chez booking, et non {times}"),
                format!("one request at booking, and not {times}"),
            ))),
        }
    }

    /// The gateway answers by itself, and the service never hears of it.
    async fn refused(&self, call: Call, status: u16, code: &str) -> Result<Answer, Failure> {
        let before = self.arrived().await?;
        let answer = self.alice.send(call).await?;
        if self.arrived().await? > before {
            let expected = Message::new(
                format!("{status} de la passerelle, et rien chez booking"),
                format!("{status} from the gateway, and nothing at booking"),
            );
            return Err(answer.differs(expected));
        }
        answer.expect_refused(status, code)
    }

    /// 400, and the fault of this field told by its pointer.
    async fn faulty(&self, field: &str, value: Value) -> Verdict {
        let call = self.call().json(&self.with(field, value).await?);
        let answer = self.refused(call, 400, "invalid_booking").await?;
        tells(&answer, field)
    }
}

fn tells(answer: &Answer, field: &str) -> Verdict {
    let pointer = format!("/{field}");
    let errors = answer.json()["errors"].clone();
    let errors = errors.as_array().cloned().unwrap_or_default();
    if errors.iter().any(|error| error["pointer"] == pointer) {
        return Ok(());
    }
    Err(answer.differs(Message::new(
        format!("une faute de pointeur {pointer} dans errors"),
        format!("a fault with the pointer {pointer} in errors"),
    )))
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

async fn participants_from_1_to_20(case: Case) -> Verdict {
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

async fn the_date_is_after_today(case: Case) -> Verdict {
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

async fn requests_of_500_characters(case: Case) -> Verdict {
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

async fn all_faults_at_once(case: Case) -> Verdict {
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

async fn unknown_fields_are_refused(case: Case) -> Verdict {
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

async fn only_json_comes_in(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let booking = desk.booking().await?.to_string();
    for kind in [
        "application/xml",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/xml; profile=\"application/json\"",
        "application/json; charset=utf-16",
    ] {
        let call = desk.call().text(kind, booking.as_str());
        let refused = desk.refused(call, 415, "unsupported_media_type").await?;
        refused.expect(
            |answer| answer.header("accept") == "application/json",
            "l'en-tête Accept: application/json, qui dit ce qui passe",
            "the header Accept: application/json, which tells what passes",
        )?;
    }
    let mut untyped = desk.call();
    untyped.body = Some(booking.clone());
    desk.refused(untyped, 415, "unsupported_media_type").await?;
    for kind in ["application/json", "Application/Json;charset=utf-8"] {
        desk.passes(desk.call().text(kind, booking.as_str()))
            .await?;
    }
    Ok(())
}

async fn who_cannot_read_json_gets_406(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let asking = |accept: &str| alice.with_header("accept", accept);
    for accept in [
        "application/xml",
        "text/html, image/*",
        "application/json;q=0, */*",
    ] {
        let answer = asking(accept).get("/api/tours?limit=1").await?;
        answer.expect_refused(406, "not_acceptable")?;
    }
    for accept in [
        "application/json",
        "application/*;q=0.1",
        "text/html,application/xml;q=0.9,*/*;q=0.8",
    ] {
        let answer = asking(accept).get("/api/tours?limit=1").await?;
        answer.expect_status(200)?;
    }
    Ok(())
}

async fn too_long_is_cut(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let padded = |length: usize, booking: &Value| {
        let booking = booking.to_string();
        booking.clone() + &" ".repeat(length - booking.len())
    };
    let booking = desk.booking().await?;
    let call = |length| {
        desk.call()
            .text("application/json", padded(length, &booking))
    };
    desk.passes(call(MOST)).await?;
    desk.passes(call(MOST).in_pieces()).await?;
    let longer = usize::try_from(case.dice.within(2..40_000)).unwrap_or(2);
    for length in [MOST + 1, MOST + longer] {
        desk.refused(call(length), 413, "body_too_large").await?;
        let pieces = call(length).in_pieces();
        let answer = desk.refused(pieces, 413, "body_too_large").await;
        answer.map_err(|failure| {
            failure.note(
                "Ce corps n'annonçait pas sa longueur : il faut compter pendant la lecture.",
                "This body did not declare its length: count while it is read.",
            )
        })?;
    }
    Ok(())
}
