//! Counts requests by address, before anything costly is done for them (L6, L7, R11).
//!
//! - Threat: floods, password guessing, scraping (API4:2023), from one address or from one network of a subscriber.
//! - Rule: each route counts against the class `address`, and against the strict classes that it names; IPv6 by /64.
//!   No header that the client sends changes whose count it is. Tokens are not looked at: their signatures are a part of
//!   what is protected. What has no route (400, 404, 405) never comes here: [`limit_unrouted`], the outer half, counts it
//!   against `address` all the same, so that looking for doors costs what going through them does.
//! - Answer when it refuses: 429 `too_many_requests` or `endpoint_limit_reached` with `Retry-After`. Every answer that was
//!   counted, refused or not and from whichever layer, carries `RateLimit-Policy` and `RateLimit`. With `REDIS_URL`, all
//!   gateways count together; 503 `service_unavailable` where Redis is away and the route is closed without it.
//! - Settings: `[limits.*]`, `limits` and `redis_away` in `routes.toml`, `TRUSTED_PROXIES`, `LIMITER_MOST_KEYS`,
//!   `REDIS_URL`.
//! - Taught by lab 04 (rate limiting).

mod unrouted;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service_kit::error::ApiError;

use super::left_by_an_outer_layer;
use super::quota::Counted;
use super::route::Matched;
use crate::client_address::ClientAddress;
use crate::limits::{Decision, Key, Limits, fields};
pub use unrouted::limit_unrouted;

pub async fn rate_limit(
    State(limits): State<Limits>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let ClientAddress(address) = left_by_an_outer_layer(&request)?;
    let by_address = &route.limits.by_address;
    let mut decisions = limits
        .count_each(by_address, &Key::address(address))
        .await?;
    let refused = decisions.last().filter(|last| !last.allowed);
    let mut response = match refused.map(Decision::refusal) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    let quota = response.extensions_mut().remove::<Counted>();
    decisions.extend(quota.map(|Counted(decision)| decision));
    fields::write(response.headers_mut(), route.limits.all(), &decisions);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::Body;
    use axum::http::request::Builder;
    use axum::middleware::from_fn_with_state;
    use service_kit::clock::{Clock, Timestamp};
    use service_kit::error::Code;
    use service_kit::networks::Networks;
    use service_kit::peer::Connection;
    use tower::ServiceExt;

    use super::*;
    use crate::client_address::TrustedProxies;
    use crate::layers::client_address::client_address;
    use crate::layers::route::route;
    use crate::route_table::{BUILT_IN, RouteTable};

    fn app(proxies: &str) -> Router {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let limits = Limits::in_process(table.limits(), &clock, 1_000);
        let proxies = TrustedProxies::from(Networks::parse(proxies).expect("networks"));
        Router::new()
            .fallback(|| async { ApiError::from(Code::TokenMissing) })
            .layer(from_fn_with_state(limits, rate_limit))
            .layer(from_fn_with_state(table, route))
            .layer(from_fn_with_state(proxies, client_address))
    }

    async fn send(app: &Router, peer: &str, request: Builder) -> Response {
        let mut request = request.body(Body::empty()).expect("a request");
        let remote = format!("{peer}:40000").parse().expect("an address");
        let connection = Connection { remote, peer: None };
        request.extensions_mut().insert(connection);
        app.clone().oneshot(request).await.expect("an answer")
    }

    fn code(response: &Response) -> Code {
        response
            .extensions()
            .get::<ApiError>()
            .expect("a refusal")
            .code
    }

    fn forged(number: u32) -> Builder {
        let other = format!("198.51.100.{}", number % 250);
        Request::get("/api/tours")
            .header("x-forwarded-for", &other)
            .header("x-real-ip", &other)
            .header("forwarded", format!("for={other}"))
    }

    #[tokio::test]
    async fn the_101st_is_refused_whatever_the_client_says_of_its_address() {
        let app = app("");
        for number in 0..100 {
            let response = send(&app, "203.0.113.9", forged(number)).await;
            assert_eq!(code(&response), Code::TokenMissing, "request {number}");
        }
        let refused = send(&app, "203.0.113.9", forged(100)).await;
        assert_eq!(
            (code(&refused), refused.status().as_u16()),
            (Code::TooManyRequests, 429)
        );
        assert_eq!(refused.headers()["retry-after"], "1");
        let other = send(&app, "203.0.113.10", forged(100)).await;
        assert_eq!(code(&other), Code::TokenMissing);
    }

    #[tokio::test]
    async fn a_network_of_one_subscriber_is_one_client() {
        let app = app("");
        for number in 0..101 {
            let peer = format!("[2001:db8:1:2::{number:x}]");
            let expected = if number < 100 {
                Code::TokenMissing
            } else {
                Code::TooManyRequests
            };
            let request = Request::get("/api/tours");
            assert_eq!(code(&send(&app, &peer, request).await), expected, "{peer}");
        }
    }

    #[tokio::test]
    async fn behind_a_trusted_proxy_each_client_has_its_own_count() {
        let app = app("10.0.0.0/8");
        for number in 0..150 {
            let client = format!("192.0.2.66, 198.51.100.{}", number % 2);
            let request = Request::get("/api/tours").header("x-forwarded-for", client);
            let response = send(&app, "10.0.0.1", request).await;
            assert_eq!(code(&response), Code::TokenMissing, "request {number}");
        }
    }

    #[tokio::test]
    async fn a_strict_class_is_shared_by_its_routes_and_leaves_the_others_alone() {
        let app = app("");
        let paths = ["/auth/login", "/auth/register", "/oauth/token"];
        for path in paths.iter().cycle().take(10) {
            let response = send(&app, "203.0.113.9", Request::post(*path)).await;
            assert_eq!(code(&response), Code::TokenMissing, "{path}");
        }
        for path in paths {
            let refused = send(&app, "203.0.113.9", Request::post(path)).await;
            assert_eq!(code(&refused), Code::EndpointLimitReached, "{path}");
            assert_eq!(refused.headers()["retry-after"], "6");
        }
        for path in ["/auth/refresh", "/auth/logout"] {
            let response = send(&app, "203.0.113.9", Request::post(path)).await;
            assert_eq!(code(&response), Code::TokenMissing, "{path}");
        }
    }

    #[tokio::test]
    async fn every_answer_tells_policies_and_standing_also_a_refusal_from_further_in() {
        let app = app("");
        let response = send(&app, "203.0.113.9", Request::get("/api/tours/search")).await;
        let policy = r#""address";q=100;w=60, "search";q=10;w=60, "daily";q=1000;w=86400"#;
        assert_eq!(response.headers()["ratelimit-policy"], policy);
        assert_eq!(
            response.headers()["ratelimit"],
            r#""address";r=99;t=1, "search";r=9;t=6"#
        );
        for _ in 0..99 {
            send(&app, "203.0.113.9", Request::get("/api/tours/search")).await;
        }
        let refused = send(&app, "203.0.113.9", Request::get("/api/tours/search")).await;
        assert_eq!(code(&refused), Code::TooManyRequests);
        assert_eq!(refused.headers()["ratelimit-policy"], policy);
        assert_eq!(refused.headers()["ratelimit"], r#""address";r=0;t=1"#);
    }
}
