//! The booking body: the bounds of L10, from both sides.

use escale_tests::{Answer, Town};
use http::Method;
use serde_json::{Value, json};

use super::{Bench, TOUR};

/// One line of the table of L10: a field, its value as JSON text, and the code of the fault, `ok` where there is none.
type Line = (&'static str, String, &'static str);

fn table_of_l10(town: &Town) -> Vec<Line> {
    let line = |field, value: &str, expected| (field, value.to_owned(), expected);
    let text = |text: &str, times: usize| format!("\"{}\"", text.repeat(times));
    vec![
        line("numberOfParticipants", "0", "range"),
        line("numberOfParticipants", "1", "ok"),
        line("numberOfParticipants", "20", "ok"),
        line("numberOfParticipants", "21", "range"),
        line("numberOfParticipants", "-1", "range"),
        line("numberOfParticipants", "\"2\"", "type"),
        line("numberOfParticipants", "2.0", "type"),
        line("numberOfParticipants", "2.5", "type"),
        line("numberOfParticipants", "1e1", "type"),
        line("numberOfParticipants", "null", "required"),
        line("numberOfParticipants", "true", "type"),
        line("bookingDate", "\"2020-01-01\"", "future"),
        line("bookingDate", &text(&town.day(0), 1), "future"),
        line("bookingDate", &text(&town.day(1), 1), "ok"),
        line(
            "bookingDate",
            &text(&(town.day(1) + "T00:00:00Z"), 1),
            "format",
        ),
        line("bookingDate", "\"2027-02-30\"", "format"),
        line("specialRequests", &text("x", 500), "ok"),
        line("specialRequests", &text("x", 501), "length"),
        line("specialRequests", &text("\u{1f600}", 500), "ok"),
        line("specialRequests", &text("\u{1f600}", 501), "length"),
        line("specialRequests", "\"a\\u0000b\"", "format"),
        line("tourId", &text(TOUR, 1), "ok"),
        line("tourId", &text(&TOUR.to_uppercase(), 1), "ok"),
        line("tourId", "\"' OR 1=1 --\"", "format"),
        line("price", "1", "unknown_field"),
        line("userId", &text(TOUR, 1), "unknown_field"),
        line("status", "\"confirmed\"", "unknown_field"),
    ]
}

/// Proves: R14, L10, svc-mass-assignment
#[tokio::test]
async fn a_booking_passes_within_the_bounds_of_l10_and_nothing_arrives_beyond_them() {
    let bench = Bench::new().await;
    for (field, value, expected) in table_of_l10(&bench.town) {
        let mut booking = bench.booking();
        booking[field] = json!("HERE");
        let body = booking.to_string().replace("\"HERE\"", &value);
        let before = bench.arrived("booking").len();
        let answer = bench.post("/api/bookings", body).await;
        let arrived = bench.arrived("booking").split_off(before);
        if expected == "ok" {
            answer.assert_status(200);
            booking[field] = serde_json::from_str(&value.to_lowercase()).unwrap();
            assert_eq!(arrived, [booking], "{field}: {value:.40}");
        } else {
            let refused = answer.assert_refused(400, "invalid_booking");
            assert_eq!(refused.json()["error"], "Données de réservation invalides");
            assert_eq!(refused.field("/errors/0/pointer"), format!("/{field}"));
            assert_eq!(refused.field("/errors/0/code"), expected, "{value:.40}");
            assert!(arrived.is_empty(), "{field}: {value:.40}");
        }
    }
}

/// Proves: L10
#[tokio::test]
async fn what_arrives_is_the_normalised_value_under_headers_that_describe_it() {
    let bench = Bench::new().await;
    let body = format!(
        "\r\n{{ \"specialRequests\" : \"\\u00e9t\\u00e9\",\n\t\"bookingDate\":\"{}\", \"numberOfParticipants\": 2,\"tourId\":\"{}\"}}\n",
        bench.town.day(1),
        TOUR.to_uppercase()
    );
    bench.post("/api/bookings", body).await.assert_status(200);
    let seen = bench.town.spies["booking"].last();
    let expected = format!(
        r#"{{"tourId":"{TOUR}","numberOfParticipants":2,"bookingDate":"{}","specialRequests":"été"}}"#,
        bench.town.day(1)
    );
    assert_eq!(String::from_utf8(seen.body).unwrap(), expected);
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(
        seen.headers["content-length"],
        expected.len().to_string().as_str()
    );
}

/// Proves: L5, L10
#[tokio::test]
async fn all_faults_are_told_at_once_in_the_callers_language() {
    let bench = Bench::new().await;
    let body =
        r#"{"tourId":"x","numberOfParticipants":0,"bookingDate":"2020-01-01","isAdmin":true}"#;
    for (language, title, details) in [
        (
            "fr",
            "Données de réservation invalides",
            [
                "bookingDate doit être dans le futur",
                "isAdmin n'est pas un champ accepté",
                "numberOfParticipants doit être compris entre 1 et 20",
                "tourId doit être un UUID",
            ],
        ),
        (
            "en",
            "Invalid booking data",
            [
                "bookingDate must be in the future",
                "isAdmin is not an accepted field",
                "numberOfParticipants must be between 1 and 20",
                "tourId must be a UUID",
            ],
        ),
    ] {
        let request = bench.user.request(Method::POST, "/api/bookings");
        let request = request
            .header("accept-language", language)
            .header("content-type", "application/json");
        let refused = bench.user.send(request.body(body)).await;
        let refused = refused.assert_refused(400, "invalid_booking").json();
        assert_eq!(refused["error"], title);
        assert_eq!(refused["details"], json!(details));
        let errors = refused["errors"].as_array().unwrap();
        let told: Vec<_> = errors
            .iter()
            .map(|error| (&error["pointer"], &error["code"]))
            .collect();
        let expected = [
            ("/bookingDate", "future"),
            ("/isAdmin", "unknown_field"),
            ("/numberOfParticipants", "range"),
            ("/tourId", "format"),
        ]
        .map(|(pointer, code)| (Value::from(pointer), Value::from(code)));
        assert_eq!(
            told,
            expected.each_ref().map(|(pointer, code)| (pointer, code))
        );
        let messages: Vec<_> = errors.iter().map(|error| &error["message"]).collect();
        assert_eq!(messages, details);
    }
    assert!(bench.arrived("booking").is_empty());
}

#[tokio::test]
async fn a_repeated_booking_finds_its_first_answer_after_midnight() {
    let town = Town::start().await;
    let user = town.user().await;
    let tours = user.get("/api/tours?limit=1").await;
    let booking = json!({
        "tourId": tours.field("/items/0/id"), "numberOfParticipants": 1, "bookingDate": town.day(1),
    });
    let first = user.post_with_key("/api/bookings", "k", &booking).await;
    let id = first.assert_status(201).field("/id");
    town.pass(std::time::Duration::from_secs(24 * 60 * 60 - 60));
    let user = user.login(&user.pseudo, &user.password).await;
    let again = user.post_with_key("/api/bookings", "k", &booking).await;
    assert_eq!(again.assert_status(201).field("/id"), id);
    let other = user.post_with_key("/api/bookings", "other", &booking).await;
    other.assert_refused(400, "invalid_booking");
    let keyless = user.post("/api/bookings", &booking).await;
    keyless.assert_refused(400, "invalid_booking");
}

/// The gateway is not a service's only defence: a peer with its certificate finds the same schema behind it.
#[tokio::test]
async fn a_service_judges_by_the_same_schema_when_the_gateway_did_not() {
    let town = Town::start().await;
    let url = format!(
        "https://localhost:{}/bookings",
        town.address("booking").port()
    );
    let request = town.peer("gateway").post(url).header("x-user-id", TOUR);
    let request = request
        .header("x-user-role", "user")
        .header("x-user-scope", "bookings:write")
        .json(&json!({"tourId": TOUR, "numberOfParticipants": 21, "bookingDate": town.day(0), "price": 1}));
    let refused = Answer::read(request.send().await.unwrap()).await;
    let refused = refused.assert_refused(400, "invalid_booking").json();
    let pointers: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(
        pointers,
        ["/bookingDate", "/numberOfParticipants", "/price"]
    );
}
