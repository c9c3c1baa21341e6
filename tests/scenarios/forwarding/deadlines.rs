//! How long a request may take, from service to service.

use std::time::{Duration, Instant};

use escale_tests::{Behaviour, Plan, eventually};
use http::Method;
use serde_json::json;

use super::Bench;

#[tokio::test]
async fn the_deadline_goes_with_the_request_and_is_never_the_clients() {
    let bench = Bench::start(Plan {
        spies: vec!["catalog"],
        ..Plan::default()
    })
    .await;
    let request = bench.user.request(Method::GET, "/api/tours");
    let request = request.header("x-request-deadline-ms", "600000");
    bench.user.send(request).await.assert_status(200);
    let headers = bench.town.spies["catalog"].last().headers;
    let all: Vec<_> = headers.get_all("x-request-deadline-ms").iter().collect();
    assert_eq!(all.len(), 1, "{headers:?}");
    let left: u64 = all[0].to_str().unwrap().parse().unwrap();
    assert!((1..=1_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_service_hands_on_what_is_left_and_stops_by_itself() {
    let bench = Bench::start(Plan {
        spies: vec!["catalog"],
        ..Plan::default()
    })
    .await;
    let body = json!({"tourId": uuid::Uuid::new_v4(), "numberOfParticipants": 1, "bookingDate": bench.town.day(9)});
    // The spy's answer is no tour.
    let answer = bench.user.post("/api/bookings", &body).await;
    answer.assert_refused(502, "bad_gateway");
    let headers = bench.town.spies["catalog"].last().headers;
    let left = headers["x-request-deadline-ms"].to_str().unwrap();
    // Less than booking's own three seconds: it is the route's one second.
    assert!(left.parse::<u64>().unwrap() <= 1_000, "{left}");
}

/// Proves: val-never-answers
#[tokio::test]
async fn a_chain_of_services_ends_at_the_first_ones_deadline() {
    let bench = Bench::with_catalog().await;
    bench.catalog().becomes(Behaviour::NeverAnswers);
    let body = json!({"tourId": uuid::Uuid::new_v4(), "numberOfParticipants": 1, "bookingDate": bench.town.day(9)});
    let begun = Instant::now();
    let answer = bench.user.post("/api/bookings", &body).await;
    answer.assert_refused(504, "upstream_timeout");
    // Booking alone would wait three seconds for the catalogue.
    assert!(
        begun.elapsed() < Duration::from_millis(2_500),
        "{:?}",
        begun.elapsed()
    );
    eventually("booking takes its own call back", async || {
        bench.catalog().cancelled() == 1
    })
    .await;
}
