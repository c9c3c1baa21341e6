//! Seats, holds and bookings (L10).

use std::time::Duration;

use escale_engines::{Engine, on_each_engine};
use escale_tests::{Town, Visitor};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::postgresql::town_on;
use crate::tours::new_tour;

/// A tour of gina's with so many seats a day; gives its id.
pub async fn tour_with(town: &Town, capacity: u32) -> String {
    let gina = town.account("gina").await;
    gina.post("/api/tours", &new_tour(capacity))
        .await
        .assert_status(201)
        .field("/id")
}

pub fn booking(town: &Town, tour: &str, participants: u32) -> Value {
    json!({"tourId": tour, "numberOfParticipants": participants, "bookingDate": town.day(30)})
}

pub async fn booked(town: &Town, user: &Visitor, tour: &str, participants: u32) -> String {
    let answer = user
        .post("/api/bookings", &booking(town, tour, participants))
        .await;
    answer.assert_status(201).field("/id")
}

#[tokio::test]
async fn a_booking_is_held_with_the_catalogues_price_listed_and_shown() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 12).await, town.user().await);
    let mut body = booking(&town, &tour, 3);
    body["specialRequests"] = json!("Une poussette, et l'œil sur « Hélène » 🚲");
    let created = user.post("/api/bookings", &body).await.assert_status(201);
    assert_eq!(created.field("/status"), "pending");
    assert_eq!(
        (
            created.field("/unitPriceCents"),
            created.field("/totalCents")
        ),
        ("4250".into(), "12750".into())
    );
    assert_eq!(created.json()["specialRequests"], body["specialRequests"]);
    let path = created.header("location").to_owned();
    assert_eq!(
        user.get(&path).await.assert_status(200).json(),
        created.json()
    );
    let list = user.get("/api/bookings").await.assert_status(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

/// Proves: L5, L10
#[tokio::test]
async fn every_fault_of_a_booking_is_told_at_once() {
    let town = Town::start().await;
    let body = json!({
        "tourId": "not-a-uuid", "numberOfParticipants": 21, "bookingDate": "2020-01-01",
        "specialRequests": "x".repeat(501), "status": "confirmed", "price": 1,
    });
    let user = town.user().await;
    let answer = user
        .post("/api/bookings", &body)
        .await
        .assert_refused(400, "invalid_booking");
    assert_eq!(answer.field("/error"), "Données de réservation invalides");
    let json = answer.json();
    let mut pointers: Vec<_> = json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    let expected = [
        "/bookingDate",
        "/numberOfParticipants",
        "/price",
        "/specialRequests",
        "/status",
        "/tourId",
    ];
    assert_eq!(pointers, expected);
    assert_eq!(json["details"].as_array().unwrap().len(), 6);
    let empty = user
        .post("/api/bookings", &json!({}))
        .await
        .assert_refused(400, "invalid_booking");
    assert_eq!(empty.json()["errors"].as_array().unwrap().len(), 3);
    assert_eq!(user.get("/api/bookings").await.json()["items"], json!([]));
}

/// Proves: R3, API1:2019, API1:2023, svc-object-level
#[tokio::test]
async fn another_users_booking_does_not_exist() {
    let town = Town::start().await;
    let (tour, owner, other) = (
        tour_with(&town, 12).await,
        town.user().await,
        town.user().await,
    );
    let id = booked(&town, &owner, &tour, 2).await;
    // The service's own path, `/bookings/{id}`, is none of the client's business (RFC 9457 section 3.1.5).
    let path = format!("/api/bookings/{id}");
    let refused = other.get(&format!("{path}?a=b")).await;
    let refused = refused.assert_refused(404, "not_found");
    assert_eq!(refused.field("/instance"), path);
    other
        .post(&format!("/api/bookings/{id}/cancel"), &Value::Null)
        .await
        .assert_refused(404, "not_found");
    other
        .get("/api/bookings/not-a-uuid")
        .await
        .assert_refused(404, "not_found");
    assert_eq!(
        owner
            .get(&format!("/api/bookings/{id}"))
            .await
            .field("/status"),
        "pending"
    );
}

/// Proves: svc-overbooking
#[on_each_engine]
async fn two_hundred_parallel_bookings_for_the_last_twenty_seats_sell_twenty(engine: Engine) {
    let town = town_on(engine).await;
    let tour = tour_with(&town, 20).await;
    // Holds are capped for each user, so two hundred users try: asked as the gateway asks, with its certificate.
    let gateway = town.peer("gateway");
    let url = format!(
        "https://localhost:{}/bookings",
        town.address("booking").port()
    );
    let body = booking(&town, &tour, 1);
    let attempts = (0..200).map(|_| {
        let request = gateway
            .post(&url)
            .header("x-user-id", uuid::Uuid::new_v4().to_string())
            .header("x-user-role", "user")
            .header("x-user-scope", "bookings:read bookings:write")
            .json(&body);
        async move {
            // On a machine that is busy with something else the catalogue may be too slow for some: they ask again.
            loop {
                let request = request.try_clone().expect("a body in memory");
                let status = request.send().await.expect("an answer").status().as_u16();
                if ![503, 504].contains(&status) {
                    return status;
                }
            }
        }
    });
    let statuses = join_all(attempts).await;
    let count = |status| statuses.iter().filter(|got| **got == status).count();
    assert_eq!((count(201), count(409)), (20, 180), "{statuses:?}");
}

/// Proves: API6:2023, svc-business-flow
#[tokio::test]
async fn a_hold_that_runs_out_gives_its_seats_to_the_next() {
    let town = Town::start().await;
    let (tour, first, second) = (
        tour_with(&town, 2).await,
        town.user().await,
        town.user().await,
    );
    let id = booked(&town, &first, &tour, 2).await;
    let body = booking(&town, &tour, 1);
    second
        .post("/api/bookings", &body)
        .await
        .assert_refused(409, "sold_out");
    town.pass(Duration::from_secs(15 * 60 + 1));
    let (first, second) = (
        first.login(&first.pseudo, &first.password).await,
        second.login(&second.pseudo, &second.password).await,
    );
    second.post("/api/bookings", &body).await.assert_status(201);
    assert_eq!(
        first
            .get(&format!("/api/bookings/{id}"))
            .await
            .field("/status"),
        "expired"
    );
}

/// Proves: API6:2023, svc-business-flow
#[tokio::test]
async fn one_user_cannot_hold_all_seats_without_paying() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 100).await, town.user().await);
    for _ in 0..5 {
        booked(&town, &user, &tour, 1).await;
    }
    let body = booking(&town, &tour, 1);
    user.post("/api/bookings", &body)
        .await
        .assert_refused(409, "too_many_holds");
}

#[tokio::test]
async fn a_cancelled_hold_gives_its_seats_back_once() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 2).await, town.user().await);
    let id = booked(&town, &user, &tour, 2).await;
    for _ in 0..2 {
        let cancelled = user
            .post(&format!("/api/bookings/{id}/cancel"), &Value::Null)
            .await;
        assert_eq!(cancelled.assert_status(200).field("/status"), "cancelled");
    }
    booked(&town, &user, &tour, 2).await;
    user.post("/api/bookings", &booking(&town, &tour, 1))
        .await
        .assert_refused(409, "sold_out");
}

#[tokio::test]
async fn a_booking_sent_twice_with_one_key_is_made_once() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 12).await, town.user().await);
    let body = booking(&town, &tour, 2);
    let attempts = (0..8).map(|_| user.post_with_key("/api/bookings", "one-key", &body));
    let ids: std::collections::BTreeSet<_> = join_all(attempts)
        .await
        .into_iter()
        .map(|answer| answer.assert_status(201).field("/id"))
        .collect();
    assert_eq!(ids.len(), 1);
    let other = booking(&town, &tour, 3);
    user.post_with_key("/api/bookings", "one-key", &other)
        .await
        .assert_refused(422, "idempotency_key_reused");
    user.post_with_key("/api/bookings", "not a key", &body)
        .await
        .assert_refused(400, "idempotency_key_invalid");
}
