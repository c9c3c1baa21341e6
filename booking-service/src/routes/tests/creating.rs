//! `POST /bookings`.

use escale_engines::{Engine, on_each_engine};
use std::time::Duration;

use http::Method;
use http::header::LOCATION;
use serde_json::{Value, json};
use uuid::Uuid;

use super::visitor::{Answer, Visitor};
use crate::domain::OfferStatus;

/// Proves: svc-injection
#[on_each_engine]
async fn a_booking_is_a_hold_at_the_catalogues_price(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let mut wish = visitor.wish();
    wish["specialRequests"] = json!("Un siège enfant, s'il vous plaît \u{202e}🛶 %_'");
    let answer = visitor.post("/bookings", &wish).await;
    assert_eq!(answer.status, 201);
    let id = answer.body["id"].as_str().expect("an id");
    assert_eq!(answer.headers[LOCATION], format!("/api/bookings/{id}"));
    let expected = json!({
        "id": id, "tourId": visitor.shop.tour_id,
        "tourTitle": {"fr": "Les calanques en kayak", "en": "The calanques by kayak"},
        "bookingDate": "2027-07-14", "numberOfParticipants": 2,
        "specialRequests": wish["specialRequests"], "status": "pending",
        "unitPriceCents": 4_500, "totalCents": 9_000, "currency": "EUR",
        "holdExpiresAt": "2027-06-30T12:15:00.000Z",
        "createdAt": "2027-06-30T12:00:00.000Z", "updatedAt": "2027-06-30T12:00:00.000Z",
    });
    assert_eq!(answer.body, expected);
    let shown = visitor.get(&format!("/bookings/{id}")).await;
    assert_eq!((shown.status, shown.body), (200, expected));
}

#[on_each_engine]
async fn all_faults_of_a_body_are_told_at_once(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let body = json!({"tourId": "x", "numberOfParticipants": 21, "bookingDate": "2027-06-30",
                      "specialRequests": "a".repeat(501)});
    let answer = visitor.post("/bookings", &body).await;
    answer.assert_refused(400, "invalid_booking");
    assert_eq!(answer.body["error"], "Données de réservation invalides");
    let expected = [
        "/bookingDate future",
        "/numberOfParticipants range",
        "/specialRequests length",
        "/tourId format",
    ];
    assert_eq!(answer.faults(), expected);
}

/// Proves: API6:2019, API3:2023, svc-mass-assignment
#[on_each_engine]
async fn fields_that_are_not_the_clients_to_set_are_refused_and_nothing_is_stored(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for field in [
        "status",
        "price",
        "unitPriceCents",
        "totalCents",
        "userId",
        "id",
        "role",
    ] {
        let mut body = visitor.wish();
        body[field] = json!(1);
        let answer = visitor.post("/bookings", &body).await;
        answer.assert_refused(400, "invalid_booking");
        assert_eq!(answer.faults(), [format!("/{field} unknown_field")]);
    }
    assert_eq!(visitor.shop.taken().await, 0);
}

#[on_each_engine]
async fn a_date_is_tomorrow_at_the_earliest_and_two_years_ahead_at_the_latest(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for (date, fault) in [
        ("2027-06-30", "/bookingDate future"),
        ("2029-07-01", "/bookingDate range"),
        ("2027-02-29", "/bookingDate format"),
    ] {
        let mut body = visitor.wish();
        body["bookingDate"] = json!(date);
        assert_eq!(visitor.post("/bookings", &body).await.faults(), [fault]);
    }
    for date in ["2027-07-01", "2029-06-30"] {
        let mut body = visitor.wish();
        body["bookingDate"] = json!(date);
        assert_eq!(visitor.post("/bookings", &body).await.status, 201);
    }
}

#[on_each_engine]
async fn an_unknown_tour_is_a_fault_of_the_body_and_a_withdrawn_one_a_conflict(engine: Engine) {
    let mut visitor = Visitor::new(engine).await;
    let mut body = visitor.wish();
    body["tourId"] = json!(Uuid::new_v4());
    let answer = visitor.post("/bookings", &body).await;
    answer.assert_refused(400, "invalid_booking");
    assert_eq!(answer.faults(), ["/tourId reference"]);
    visitor.change_offer(|offer| offer.status = OfferStatus::Withdrawn);
    let answer = visitor.post("/bookings", &visitor.wish()).await;
    answer.assert_refused(409, "tour_withdrawn");
}

#[on_each_engine]
async fn a_full_day_and_a_sixth_hold_are_conflicts(engine: Engine) {
    let mut visitor = Visitor::new(engine).await;
    visitor.change_offer(|offer| offer.capacity_per_day = 10);
    for _ in 0..5 {
        visitor.book().await;
    }
    let sixth = visitor.post("/bookings", &visitor.wish()).await;
    sixth.assert_refused(409, "too_many_holds");
    visitor.user = Uuid::new_v4();
    let eleventh_seat = visitor.post("/bookings", &visitor.wish()).await;
    eleventh_seat.assert_refused(409, "sold_out");
}

#[on_each_engine]
async fn a_price_that_cannot_be_multiplied_sells_nothing(engine: Engine) {
    let mut visitor = Visitor::new(engine).await;
    visitor.change_offer(|offer| offer.price_cents = i64::MAX);
    let answer = visitor.post("/bookings", &visitor.wish()).await;
    answer.assert_refused(502, "bad_gateway");
}

async fn repeat(visitor: &Visitor, body: &Value) -> Answer {
    let call = visitor.request(Method::POST, "/bookings").json(body);
    call.header("idempotency-key", "7c2e").send().await
}

#[on_each_engine]
async fn a_repeated_request_gets_the_first_answer_even_when_it_would_be_refused_now(
    engine: Engine,
) {
    let mut visitor = Visitor::new(engine).await;
    let mut body = visitor.wish();
    body["bookingDate"] = json!("2027-07-01");
    let first = repeat(&visitor, &body).await;
    assert_eq!(first.status, 201);
    assert!(!first.headers.contains_key("idempotent-replayed"));
    // The tour is withdrawn, the hold over, the date no longer in the future.
    visitor.change_offer(|offer| offer.status = OfferStatus::Withdrawn);
    visitor.shop.clock.advance(Duration::from_secs(13 * 3_600));
    let again = repeat(&visitor, &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers[LOCATION], first.headers[LOCATION]);
    assert_eq!((again.status, again.body), (201, first.body));

    body["status"] = json!("confirmed");
    let widened = repeat(&visitor, &body).await;
    widened.assert_refused(400, "invalid_booking");
}

#[on_each_engine]
async fn a_key_with_another_body_and_a_key_that_is_none_are_refused(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let send = |key: &'static str, participants: i64| {
        let mut body = visitor.wish();
        body["numberOfParticipants"] = json!(participants);
        let call = visitor.request(Method::POST, "/bookings").json(&body);
        call.header("idempotency-key", key).send()
    };
    assert_eq!(send("k", 2).await.status, 201);
    send("k", 3)
        .await
        .assert_refused(422, "idempotency_key_reused");
    send("", 2)
        .await
        .assert_refused(400, "idempotency_key_invalid");
    assert_eq!(visitor.shop.taken().await, 2);
}
