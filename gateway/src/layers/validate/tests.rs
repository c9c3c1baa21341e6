//! What reaches a service, and what does not.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::middleware::from_fn_with_state;
use service_kit::clock::Clock;
use service_kit::iso_date::IsoDate;
use tower::ServiceExt;

use super::*;
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};

const TOUR: &str = "0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10";
/// Noon of 30 June 2027.
const NOW: Timestamp = Timestamp(1_814_356_800_000);

/// The refusal, or what reached the service: headers and body.
async fn send(
    request: axum::http::request::Builder,
    body: Body,
) -> Result<(HeaderMap, String), ApiError> {
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let bodies = Bodies {
        clock: Clock::manual(NOW),
        patience: Duration::from_secs(1),
    };
    let echo = |headers: HeaderMap, body: String| async move { (headers, body) };
    let app = Router::new()
        .fallback(echo)
        .layer(from_fn_with_state(bodies, validate))
        .layer(from_fn_with_state(table, route));
    let request = request.body(body).expect("a request");
    let (parts, body) = app.oneshot(request).await.expect("an answer").into_parts();
    if let Some(error) = parts.extensions.get::<ApiError>() {
        return Err(error.clone());
    }
    let body = to_bytes(body, 100_000).await.expect("a body");
    Ok((parts.headers, String::from_utf8_lossy(&body).into_owned()))
}

fn booking(date: &str) -> String {
    format!(r#"{{"tourId":"{TOUR}","numberOfParticipants":2,"bookingDate":"{date}"}}"#)
}

fn post() -> axum::http::request::Builder {
    http::Request::post("/api/bookings")
}

#[tokio::test]
async fn the_service_reads_the_normalised_value_and_headers_that_describe_it() {
    let loose = booking("2027-07-01")
        .replace(',', " ,\n ")
        .replace(TOUR, &TOUR.to_uppercase());
    let request = post()
        .header(CONTENT_LENGTH, loose.len())
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header("content-digest", "sha-256=:eA==:");
    let (headers, body) = send(request, loose.into()).await.expect("a good booking");
    assert_eq!(body, booking("2027-07-01"));
    assert_eq!(headers[CONTENT_LENGTH], body.len().to_string().as_str());
    assert_eq!(headers[CONTENT_TYPE], "application/json");
    assert!(!headers.contains_key("content-digest"));
}

#[tokio::test]
async fn what_is_invalid_is_refused_with_all_its_faults() {
    let body = r#"{"numberOfParticipants":0,"bookingDate":"2020-01-01","price":1}"#;
    let error = send(post(), body.into()).await.expect_err("four faults");
    assert_eq!((error.code, error.faults.len()), (Code::InvalidBooking, 4));
    for body in [
        "",
        "[]",
        "{\"a\":1,\"a\":2}",
        &format!("{} ", "[".repeat(10_000)),
    ] {
        let error = send(post(), body.to_owned().into()).await.expect_err(body);
        assert_eq!(error.code, Code::MalformedJson, "{body:.20}");
    }
}

#[tokio::test]
async fn a_route_with_a_reason_instead_of_a_schema_streams_through() {
    let request = http::Request::post("/oauth/token");
    let (_, body) = send(request, "a=%20&a=1".into()).await.expect("it passes");
    assert_eq!(body, "a=%20&a=1");
}

#[tokio::test]
async fn a_repeated_request_is_judged_by_the_day_on_which_it_was_first_sent() {
    let with_key = || post().header(IDEMPOTENCY_KEY, "k");
    for (request, date, passes) in [
        (post(), "2027-06-30", false),
        (post(), "2027-07-01", true),
        (with_key(), "2027-06-29", false),
        (with_key(), "2027-06-30", true),
    ] {
        assert!(IsoDate::parse(date).is_some());
        let answer = send(request, booking(date).into()).await;
        assert_eq!(answer.is_ok(), passes, "{date}");
    }
}
