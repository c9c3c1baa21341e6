//! The three parts around a small inner stack: route, authenticate, and an answer that the test chooses.

mod others;
mod walks;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{Method, StatusCode};
use serde_json::json;
use service_kit::lifecycle::Lifecycle;
use service_kit::peer::Connection;
use tower::{ServiceBuilder, ServiceExt};

use super::*;
use crate::client_address::ClientAddress;
use crate::jail::{Inmate, Offence};
use crate::layers::authenticate::{Verifiers, authenticate};
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_issuer::{ALICE, TestIssuer};

const HOME: [u8; 4] = [203, 0, 113, 9];
const ELSEWHERE: [u8; 4] = [198, 51, 100, 7];
const BOB: &str = "00000000-0000-4000-8000-000000000b0b";

struct Bench {
    app: Router,
    /// Requests that came through all layers.
    through: Arc<AtomicUsize>,
    jail: Jail,
    issuer: TestIssuer,
    life: Lifecycle,
}

impl Bench {
    /// What is behind the layers answers everything in this way.
    fn answering(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        let issuer = TestIssuer::new("k1");
        let (tokens, life) = issuer.tokens();
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let held = Jail::new(table.jail(), life.clock.clone(), |_| {});
        let layers = ServiceBuilder::new()
            .layer(from_fn_with_state(held.clone(), watch))
            .layer(from_fn_with_state(table, route))
            .layer(from_fn_with_state(held.clone(), jail))
            .layer(from_fn_with_state(Verifiers::of(tokens), authenticate))
            .layer(from_fn_with_state(held.clone(), jail_user));
        let through = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&through);
        let answer = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(status)
        };
        Self {
            app: Router::new().fallback(answer).layer(layers),
            through,
            jail: held,
            issuer,
            life,
        }
    }

    async fn send(&self, from: [u8; 4], (method, path, token): (Method, &str, &str)) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .expect("a request");
        let remote = std::net::SocketAddr::from((from, 40_000));
        let client = ClientAddress(remote.ip());
        request.extensions_mut().insert(client);
        request
            .extensions_mut()
            .insert(Connection { remote, peer: None });
        self.app.clone().oneshot(request).await.expect("an answer")
    }

    async fn status(&self, from: [u8; 4], request: (Method, &str, &str)) -> u16 {
        self.send(from, request).await.status().as_u16()
    }

    /// How many GETs of ever another path pass before one does not.
    async fn passes<'a>(&self, from: [u8; 4], ask: impl Fn(usize) -> (String, &'a str)) -> usize {
        for number in 0..1_000 {
            let (path, token) = ask(number);
            if self.status(from, get(&path, token)).await != 200 {
                return number;
            }
        }
        panic!("1,000 have passed");
    }

    fn token_of(&self, subject: &str) -> String {
        self.issuer.token_with("sub", json!(subject))
    }

    /// The statuses of so many requests in a row.
    async fn repeat(&self, times: usize, from: [u8; 4], request: (Method, &str, &str)) -> Vec<u16> {
        let mut statuses = Vec::new();
        for _ in 0..times {
            statuses.push(self.status(from, request.clone()).await);
        }
        statuses
    }
}

fn get<'a>(path: &'a str, token: &'a str) -> (Method, &'a str, &'a str) {
    (Method::GET, path, token)
}

const LOGIN: (Method, &str, &str) = (Method::POST, "/auth/login", "");

#[tokio::test]
async fn a_banned_address_is_refused_with_retry_after_and_other_addresses_are_not() {
    let bench = Bench::answering(401);
    assert_eq!(bench.repeat(75, HOME, LOGIN).await, [401; 75]);
    let refused = bench.send(HOME, LOGIN).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()[RETRY_AFTER]),
        (429, &"60".parse().expect("a value"))
    );
    let error = refused.extensions().get::<ApiError>().expect("a refusal");
    assert_eq!(error.code, Code::Jailed);
    assert_eq!(bench.status(ELSEWHERE, LOGIN).await, 401);
    bench.life.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.status(HOME, LOGIN).await, 401);
}

#[tokio::test]
async fn nothing_behind_the_jail_is_reached_from_a_banned_address() {
    let bench = Bench::answering(200);
    let home = Inmate::address(HOME.into());
    while bench.jail.seconds_left(&home).await.is_none() {
        bench.jail.charge(&home, Offence::FailedLogin).await;
    }
    // Not even with a good token: it is looked at only by who spends cryptography on it.
    let token = bench.token_of(ALICE);
    for request in [LOGIN, get("/api/tours", &token)] {
        assert_eq!(bench.status(HOME, request).await, 429);
    }
    assert_eq!(bench.through.load(Ordering::SeqCst), 0);
    bench.status(ELSEWHERE, get("/api/tours", &token)).await;
    assert_eq!(bench.through.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_banned_scanner_is_not_told_which_paths_exist_and_health_answers_on() {
    let bench = Bench::answering(200);
    for number in 0..750 {
        let path = format!("/nowhere/{number}");
        assert_eq!(bench.status(HOME, get(&path, "")).await, 404);
    }
    for path in ["/nowhere", "/api/tours", "/auth/login", "/auth/me"] {
        assert_eq!(bench.status(HOME, get(path, "")).await, 429, "{path}");
    }
    assert_eq!(bench.status(HOME, get("/health", "")).await, 200);
}

#[tokio::test]
async fn health_never_counts() {
    // Not even where a limit further in refuses a probe that comes too often.
    let bench = Bench::answering(429);
    bench.repeat(2_000, HOME, get("/health", "")).await;
    bench.repeat(100, HOME, (Method::POST, "/health", "")).await;
    let home = Inmate::address(HOME.into());
    assert_eq!(bench.jail.free(&home).await, Ok(false), "not one point");
}

#[tokio::test]
async fn an_expired_token_costs_nothing() {
    let bench = Bench::answering(200);
    let token = bench.token_of(ALICE);
    bench.life.clock.advance(Duration::from_secs(900));
    assert_eq!(
        bench.repeat(1_600, HOME, get("/api/tours", &token)).await,
        [401; 1_600]
    );
}

#[tokio::test]
async fn a_request_whose_address_nobody_knows_does_not_pass() {
    let bench = Bench::answering(200);
    let request = Request::get("/health")
        .body(Body::empty())
        .expect("a request");
    let response = bench.app.clone().oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), 500);
    // Nor does one in a stack that was put together without the part that watches.
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let app = Router::new()
        .fallback(|| async {})
        .layer(from_fn_with_state(bench.jail.clone(), jail))
        .layer(from_fn_with_state(table, route));
    let request = Request::get("/health")
        .body(Body::empty())
        .expect("a request");
    assert_eq!(app.oneshot(request).await.expect("an answer").status(), 500);
}
