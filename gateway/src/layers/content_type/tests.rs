//! Each refusal of the layer, and what passes it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::request::Builder;
use axum::middleware::from_fn_with_state;
use futures_util::stream;
use service_kit::clock::Clock;
use tower::ServiceExt;

use super::*;
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};

/// The layer around a service that reads the whole body, or gives up on it as a broken connection does.
fn app() -> Router {
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let bodies = Bodies {
        clock: Clock::system(),
        patience: Duration::from_secs(1),
    };
    let swallow = |headers: HeaderMap, body: Body| async move {
        let read = axum::body::to_bytes(body, usize::MAX).await;
        let length = read.map_err(|_| ApiError::new(Code::BadGateway))?.len();
        let kind = headers.get(CONTENT_TYPE).map(HeaderValue::to_str);
        let kind = kind.map_or("-", |kind| kind.expect("text"));
        Ok::<_, ApiError>(format!("{length} {kind}"))
    };
    Router::new()
        .fallback(swallow)
        .layer(from_fn_with_state(bodies, content_type))
        .layer(from_fn_with_state(table, route))
}

/// The code of the refusal, or what the service saw; and the headers.
async fn ask(request: Builder, body: Body) -> (String, HeaderMap) {
    let request = request.body(body).expect("a request");
    let answer = tokio::time::timeout(Duration::from_secs(10), app().oneshot(request));
    let response = answer.await.expect("in time").expect("an answer");
    let (parts, body) = response.into_parts();
    if let Some(error) = parts.extensions.get::<ApiError>() {
        return (error.code.as_str().to_owned(), parts.headers);
    }
    let body = axum::body::to_bytes(body, 1_000).await.expect("a body");
    (String::from_utf8_lossy(&body).into_owned(), parts.headers)
}

/// A body of unknown length.
fn streamed(pieces: usize, length: usize) -> Body {
    let piece = move |_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; length]));
    Body::from_stream(stream::iter((0..pieces).map(piece)))
}

/// Proves: R13
#[tokio::test]
async fn a_body_passes_in_the_type_of_its_route_and_in_no_other() {
    for (path, kind, expected) in [
        ("/api/bookings", "application/json", "2 application/json"),
        (
            "/api/bookings",
            "Application/Json; charset=UTF-8",
            "2 application/json",
        ),
        ("/api/bookings", "application/xml", "unsupported_media_type"),
        (
            "/api/bookings",
            "application/json; charset=utf-16",
            "unsupported_media_type",
        ),
        (
            "/api/bookings",
            "application/x-www-form-urlencoded",
            "unsupported_media_type",
        ),
        (
            "/oauth/token",
            "application/x-www-form-urlencoded",
            "2 application/x-www-form-urlencoded",
        ),
        ("/oauth/token", "application/json", "unsupported_media_type"),
    ] {
        let request = http::Request::post(path).header(CONTENT_TYPE, kind);
        assert_eq!(ask(request, "{}".into()).await.0, expected, "{path} {kind}");
    }
    let untyped = http::Request::post("/api/bookings");
    let (code, headers) = ask(untyped, "{}".into()).await;
    assert_eq!(
        (code.as_str(), &headers[ACCEPT]),
        (
            "unsupported_media_type",
            &HeaderValue::from_static("application/json")
        )
    );
}

#[tokio::test]
async fn without_a_body_there_is_no_type_to_judge() {
    let request = http::Request::post("/api/bookings");
    assert_eq!(ask(request, Body::empty()).await.0, "0 -");
    let request = http::Request::get("/api/tours").header(CONTENT_TYPE, "text/plain");
    assert_eq!(ask(request, Body::empty()).await.0, "0 text/plain");
}

#[tokio::test]
async fn doubtful_or_coded_bodies_are_refused_whatever_the_route() {
    for (method, path) in [("POST", "/api/bookings"), ("GET", "/api/tours")] {
        let request = || http::Request::builder().method(method).uri(path);
        let twice = request()
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_TYPE, "text/plain");
        assert_eq!(ask(twice, "{}".into()).await.0, "malformed_request");
        let part = request().header(CONTENT_RANGE, "bytes 0-1/2");
        assert_eq!(ask(part, "{}".into()).await.0, "malformed_request");
        for coding in ["gzip", "br", "deflate, gzip", "identity", ""] {
            let request = request()
                .header(CONTENT_TYPE, "application/json")
                .header(CONTENT_ENCODING, coding);
            let (code, headers) = ask(request, "{}".into()).await;
            assert_eq!(code, "unsupported_media_type", "{coding}");
            assert_eq!(headers[ACCEPT_ENCODING], "identity");
        }
    }
}

/// Proves: R13
#[tokio::test]
async fn who_cannot_read_json_is_told_406() {
    let request = http::Request::get("/api/tours").header(ACCEPT, "text/html");
    assert_eq!(ask(request, Body::empty()).await.0, "not_acceptable");
    let request = http::Request::get("/api/tours").header(ACCEPT, "application/*;q=0.1");
    assert_eq!(ask(request, Body::empty()).await.0, "0 -");
}

#[tokio::test]
async fn a_body_is_as_long_as_its_route_allows_declared_or_not() {
    let request = || http::Request::post("/api/bookings").header(CONTENT_TYPE, "application/json");
    let most = 16 * 1024;
    for (body, expected) in [
        (Body::from(vec![b' '; most]), "16384 application/json"),
        (Body::from(vec![b' '; most + 1]), "body_too_large"),
        (streamed(16, 1024), "16384 application/json"),
        (streamed(17, 1024), "body_too_large"),
        (streamed(10_240, 1024), "body_too_large"),
    ] {
        assert_eq!(ask(request(), body).await.0, expected);
    }
}

#[tokio::test]
async fn a_route_that_takes_no_body_takes_not_one_byte() {
    for (method, path) in [
        ("GET", "/api/tours"),
        ("HEAD", "/health"),
        ("DELETE", "/api/tours/7"),
        ("POST", "/api/bookings/7/cancel"),
    ] {
        let request = || {
            let request = http::Request::builder().method(method).uri(path);
            request.header(CONTENT_TYPE, "application/json")
        };
        assert_eq!(ask(request(), "{}".into()).await.0, "body_too_large");
        assert_eq!(ask(request(), streamed(1, 1)).await.0, "body_too_large");
        let nothing = ask(request(), streamed(1, 0)).await.0;
        assert!(
            nothing.is_empty() && method == "HEAD" || nothing == "0 -",
            "{method} {nothing}"
        );
    }
}

#[tokio::test]
async fn a_body_that_does_not_end_in_time_is_408() {
    for (method, path) in [("POST", "/api/bookings"), ("GET", "/api/tours")] {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let request = http::Request::builder().method(method).uri(path);
        let request = request.header(CONTENT_TYPE, "application/json");
        assert_eq!(ask(request, silent).await.0, "request_timeout", "{path}");
    }
}
