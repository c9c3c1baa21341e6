//! One request is one trace through all the services that took part, and a trace tells nothing of who asked for what.

use escale_tests::collector::{Collector, Told};
use escale_tests::{Plan, Town, logs};
use http::Method;
use serde_json::json;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// All services send their traces there.
async fn traced(endpoint: &str) -> Town {
    let settings = ["auth", "catalog", "payment", "booking", "gateway"]
        .map(|service| (service, "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.to_owned()));
    Town::planned(Plan {
        settings: settings.to_vec(),
        ..Plan::default()
    })
    .await
}

/// A stop delivers what waits.
async fn stop(town: &mut Town) {
    for service in ["gateway", "booking", "payment", "catalog", "auth"] {
        town.stop(service).await;
    }
}

#[track_caller]
fn only<'a>(spans: &'a [Told], service: &str) -> &'a Told {
    let mut found = spans.iter().filter(|told| told.service == service);
    let first = found.next().expect("a span of this service");
    assert!(found.next().is_none(), "two spans of {service}: {spans:?}");
    first
}

#[tokio::test]
async fn a_booking_is_one_trace_from_the_gateway_to_the_catalogue() {
    let collector = Collector::start().await;
    let mut town = traced(&collector.endpoint()).await;
    let user = town.user().await;
    let tours = user.get("/api/tours?limit=1").await.assert_status(200);
    let tour = tours.field("/items/0/id");
    let booking = json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": town.day(30)});
    let request = user
        .request(Method::POST, "/api/bookings")
        .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
        .json(&booking);
    let answer = user.send(request).await.assert_status(201);
    let missing = format!("/api/tours/{}", uuid::Uuid::new_v4());
    let user_id = user.get("/auth/me").await.assert_status(200).field("/id");
    let missing_answer = user.get(&missing).await.assert_status(404);
    stop(&mut town).await;

    let all = collector.spans();
    let of_trace: Vec<_> = all.iter().filter(|told| told.trace() == TRACE).collect();
    let spans: Vec<_> = of_trace.into_iter().cloned().collect();
    assert_eq!(spans.len(), 3, "{spans:?}");
    let [gateway, booking, catalog] =
        ["gateway", "booking", "catalog"].map(|service| only(&spans, service));
    assert_eq!(gateway.parent(), CALLER);
    assert_eq!(booking.parent(), gateway.id());
    assert_eq!(catalog.parent(), booking.id());
    assert_eq!(gateway.span.name, "POST bookings.create");
    assert_eq!(booking.span.name, "POST /bookings");
    assert_eq!(catalog.span.name, "GET /internal/tours/{id}");
    for told in &spans {
        let id = told.attribute("escale.request_id");
        assert_eq!(id, answer.header("x-request-id"), "{told:?}");
        assert!(told.span.start_time_unix_nano < told.span.end_time_unix_nano);
    }

    let id = missing_answer.header("x-request-id");
    let refused = all
        .iter()
        .find(|told| told.service == "gateway" && told.attribute("escale.request_id") == id);
    let refused = refused.expect("a refusal has its span");
    assert_eq!(refused.attribute("http.response.status_code"), "404");
    assert_eq!(refused.attribute("error.type"), "not_found");

    // The watcher has looked through all of it for tokens, passwords and e-mails. And neither is told:
    let secrets = [
        &*user.pseudo,
        &*user_id,
        user.token(),
        &*answer.field("/id"),
        &*tour,
        &*missing,
        "127.0.0.1",
        "limit=1",
    ];
    for secret in secrets {
        assert!(!secret.is_empty() && !collector.heard(secret), "{secret}");
    }
    assert!(collector.heard("bookings.create"), "it looks for nothing");
}

#[tokio::test]
async fn a_trace_that_its_beginner_does_not_want_recorded_is_not_sent() {
    let collector = Collector::start().await;
    let mut town = traced(&collector.endpoint()).await;
    let visitor = town.visitor();
    let request = visitor
        .request(Method::GET, "/health")
        .header("traceparent", format!("00-{TRACE}-{CALLER}-00"));
    visitor.send(request).await.assert_status(200);
    visitor.get("/health").await.assert_status(200);
    stop(&mut town).await;
    let spans = collector.spans();
    assert!(spans.iter().any(|told| told.span.name == "GET health"));
    assert!(spans.iter().all(|told| told.trace() != TRACE));
}

#[tokio::test]
async fn a_collector_that_is_away_costs_nobody_anything_and_is_told_of_once() {
    // Its port stays taken: another test's service could answer in its place.
    let away = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", away.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((connection, _)) = away.accept().await {
            drop(connection);
        }
    });
    // Counted from before the start: its own probes are the first spans, and a slow start is longer than a batch waits.
    let told = || logs::watcher().find(&["traces are not delivered"]).len();
    let before = told();
    let mut town = Town::planned(Plan {
        settings: vec![("gateway", "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)],
        ..Plan::default()
    })
    .await;
    for _ in 0..600 {
        // More than a batch: it is tried before the stop, and again at the stop.
        town.visitor().get("/health").await.assert_status(200);
    }
    town.stop("gateway").await;
    assert_eq!(told() - before, 1);
}
