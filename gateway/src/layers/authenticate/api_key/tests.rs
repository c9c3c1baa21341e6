//! Which keys pass, where, and that nobody further in sees one.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use futures_util::FutureExt;
use secrecy::ExposeSecret;
use service_kit::clock::{Clock, Timestamp};
use service_kit::lifecycle::Lifecycle;
use tower::ServiceExt;

use super::super::{Caller, Verifiers, authenticate};
use super::*;
use crate::api_keys::{ApiKeys, Holder};
use crate::layers::route::route;
use crate::revocations::Mark;
use crate::route_table::{BUILT_IN, RouteTable, Written};
use crate::test_issuer::{ALICE, NOW, TestIssuer, none_revoked};
use crate::tokens::Verified;

struct Bench {
    app: Router,
    key: String,
    token: String,
}

/// A gateway that knows one key. What is behind it says who calls, and whether it sees a key.
fn bench() -> Bench {
    let (issuer, key) = (TestIssuer::new("k1"), ApiKey::random());
    let (tokens, _) = issuer.tokens();
    let good = key.hash();
    let ask = move |hash| std::future::ready(Ok((hash == good).then(holder))).boxed();
    let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
    let keys = ApiKeys::new(Arc::new(ask), none_revoked(), &life);
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let seen = |request: Request| async move {
        assert!(
            !request.headers().contains_key(API_KEY),
            "it goes no further"
        );
        let caller = request.extensions().get::<Caller>();
        caller.map_or("nobody".to_owned(), |Caller(who)| {
            who.subject.to_str().expect("ASCII").to_owned()
        })
    };
    Bench {
        app: Router::new()
            .fallback(seen)
            .layer(from_fn_with_state(Verifiers { tokens, keys }, authenticate))
            .layer(from_fn_with_state(table, route)),
        key: key.reveal().expose_secret().to_owned(),
        token: issuer.token(),
    }
}

fn holder() -> Holder {
    let verified = Verified::new("key:1", &[], "tours:read", NOW + 60);
    Holder {
        verified: Arc::new(verified.expect("plain words")),
        mark: Mark {
            token: "1".into(),
            family: None,
            subject: ALICE.into(),
            issued: NOW,
        },
    }
}

impl Bench {
    async fn send(&self, request: Builder) -> Response {
        let request = request.body(Body::empty()).expect("a request");
        let answer = self.app.clone().oneshot(request);
        let answer = tokio::time::timeout(Duration::from_secs(9), answer).await;
        answer.expect("in time").expect("an answer")
    }

    async fn with_key(&self, method: &str, path: &str) -> Response {
        let request = Request::builder().method(method).uri(path);
        self.send(request.header("X-API-Key", &self.key)).await
    }
}

#[track_caller]
fn assert_refused(response: &Response, code: Code) {
    let error = response.extensions().get::<ApiError>().expect("a refusal");
    assert_eq!((error.code, response.status()), (code, code.status()));
    assert_eq!(
        response.status() == 401,
        response
            .headers()
            .get(WWW_AUTHENTICATE)
            .is_some_and(|value| value == BARE)
    );
}

#[tokio::test]
async fn a_good_key_opens_what_is_public_to_read_and_stands_for_itself() {
    let bench = bench();
    for path in ["/api/tours", "/api/tours/search?q=lyon", "/api/tours/7"] {
        for method in ["GET", "HEAD"] {
            let answer = bench.with_key(method, path).await;
            assert_eq!(answer.status(), 200, "{method} {path}");
        }
        let body = bench.with_key("GET", path).await.into_body();
        let body = axum::body::to_bytes(body, 100).await.expect("a body");
        assert_eq!(body, "key:1");
    }
}

/// API5:2023. From the table, so that a new route is here by itself.
#[tokio::test]
async fn where_the_table_does_not_say_so_a_key_is_as_good_as_nothing() {
    let (bench, written) = (bench(), Written::read(BUILT_IN).expect("a table"));
    let mut refused = 0;
    for route in RouteTable::read(BUILT_IN).expect("no fault").routes() {
        if route.access == Access::Public || route.access.takes_api_keys() {
            continue;
        }
        let row = written.row(&route.name).expect("a row");
        for method in row.words("methods") {
            let path = row.text("path").replace("{id}", "7");
            let answer = bench.with_key(method, &path).await;
            assert_refused(&answer, Code::AuthorizationMissing);
            refused += 1;
        }
    }
    assert!(refused > 10, "{refused}");
}

#[tokio::test]
async fn a_public_route_reads_no_key_and_hands_none_on() {
    let bench = bench();
    for value in [bench.key.as_str(), "rubbish"] {
        let request = Request::post("/auth/login").header("x-api-key", value);
        assert_eq!(bench.send(request).await.status(), 200);
    }
}

/// Proves: R15, token-url
#[tokio::test]
async fn two_credentials_in_one_request_are_refused_on_every_route() {
    let bench = bench();
    for path in ["/api/tours", "/api/bookings"] {
        let with_key = |path: &str| Request::get(path).header("x-api-key", &bench.key);
        for request in [
            with_key(path).header(AUTHORIZATION, format!("Bearer {}", bench.token)),
            with_key(path).header(AUTHORIZATION, "Basic YTpi"),
            with_key(path).header("x-api-key", &bench.key),
            with_key(&format!("{path}?api_key=x")),
            with_key(&format!("{path}?access_token=x")),
        ] {
            assert_refused(&bench.send(request).await, Code::AmbiguousHeader);
        }
    }
}

/// Proves: R15, token-url
#[tokio::test]
async fn a_key_in_the_url_is_not_read() {
    let bench = bench();
    for name in ["api_key", "apikey", "x-api-key", "key"] {
        let path = format!("/api/tours?{name}={}", bench.key);
        let answer = bench.send(Request::get(path)).await;
        assert_refused(&answer, Code::AuthorizationMissing);
    }
}

#[tokio::test]
async fn what_is_no_key_and_a_key_that_nobody_made_are_refused_alike() {
    let bench = bench();
    let unknown = ApiKey::random();
    let mut other_case = bench.key.to_ascii_uppercase();
    other_case.replace_range(..4, "esc_");
    for value in [
        "",
        "esc_",
        "Bearer x",
        &format!("{} ", bench.token),
        &other_case,
        unknown.reveal().expose_secret(),
    ] {
        let request = Request::get("/api/tours").header("x-api-key", value);
        assert_refused(&bench.send(request).await, Code::ApiKeyInvalid);
    }
    let not_ascii = Request::get("/api/tours").header("x-api-key", b"esc_\xff".as_slice());
    assert_refused(&bench.send(not_ascii).await, Code::ApiKeyInvalid);
}

#[tokio::test]
async fn a_token_opens_the_same_route_as_before() {
    let bench = bench();
    let request = Request::get("/api/tours");
    let request = request.header(AUTHORIZATION, format!("Bearer {}", bench.token));
    assert_eq!(bench.send(request).await.status(), 200);
}
