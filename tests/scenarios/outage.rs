//! A service that is away, and comes back.

use std::time::{Duration, Instant};

use escale_tests::{Town, eventually};

/// Proves: L4
#[tokio::test]
async fn a_service_that_is_away_is_a_503_within_the_deadline_and_recovers_by_itself() {
    let mut town = Town::start().await;
    let user = town.user().await;
    user.get("/api/tours").await.assert_status(200);
    town.stop("catalog").await;
    let begun = Instant::now();
    let answer = user
        .get("/api/tours")
        .await
        .assert_refused(503, "service_unavailable");
    assert_eq!(answer.field("/error"), "Service indisponible");
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    // The others do not notice.
    user.get("/api/bookings").await.assert_status(200);
    town.start_again("catalog").await;
    eventually("the tours are back", async || {
        user.get("/api/tours").await.status == 200
    })
    .await;
}

#[tokio::test]
async fn without_the_catalogue_nothing_is_booked_and_the_caller_is_told() {
    let mut town = Town::start().await;
    let user = town.user().await;
    let tour = crate::bookings::tour_with(&town, 5).await;
    town.stop("catalog").await;
    let body = crate::bookings::booking(&town, &tour, 1);
    user.post("/api/bookings", &body)
        .await
        .assert_refused(503, "service_unavailable");
    assert_eq!(
        user.get("/api/bookings").await.json()["items"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn a_payment_begun_while_booking_was_there_ends_right_when_it_comes_back() {
    let mut town = Town::start().await;
    let user = town.user().await;
    let tour = crate::bookings::tour_with(&town, 5).await;
    let booking = crate::bookings::booked(&town, &user, &tour, 1).await;
    town.stop("bank").await;
    let body = serde_json::json!({"bookingId": booking, "cardToken": "tok_accepted"});
    // The bank is away: the outcome is not known, and nothing is lost.
    user.post_with_key("/api/payments", "key", &body)
        .await
        .assert_status(202);
    town.start_again("bank").await;
    // The retries' pauses are counted by the town's clock.
    eventually("the booking is confirmed", async || {
        town.pass(Duration::from_secs(1));
        user.get(&format!("/api/bookings/{booking}"))
            .await
            .field("/status")
            == "confirmed"
    })
    .await;
}

/// Proves: J3
#[tokio::test]
async fn old_keys_serve_while_auth_is_away() {
    let mut town = Town::start().await;
    let user = town.user().await;
    town.stop("auth").await;
    user.get("/api/tours").await.assert_status(200);
    user.get("/auth/me")
        .await
        .assert_refused(503, "service_unavailable");
}

/// SQLite's write-ahead log holds older states of its pages: of a card token, too, that has been erased since.
#[tokio::test]
async fn a_stopped_service_leaves_no_write_ahead_log() {
    let mut town = Town::start().await;
    // Each of them has something to write: a store opens no file before it is asked.
    let user = town.user().await;
    let tour = crate::bookings::tour_with(&town, 5).await;
    let booking = crate::bookings::booked(&town, &user, &tour, 1).await;
    let body = serde_json::json!({"bookingId": booking, "cardToken": "tok_accepted"});
    user.post_with_key("/api/payments", "key", &body)
        .await
        .assert_status(201);
    for service in ["payment", "bank", "booking", "catalog", "auth"] {
        let log = town.database(service).with_extension("db-wal");
        assert!(log.exists(), "{service} has none while it runs");
        town.stop(service).await;
        assert!(!log.exists(), "{service} has left {}", log.display());
    }
}
