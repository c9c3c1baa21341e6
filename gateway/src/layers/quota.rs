//! Counts the requests of a user and day (L8).
//!
//! - Threat: one account that uses up what is there for all, from one address or from many (API4:2023, API6:2023).
//! - Rule: the class `daily`, by the verified token's subject; all API keys of one owner together, and apart from
//!   himself. A public route that names `daily` counts by address. What a later layer refuses has been counted.
//! - Answer when it refuses: 429 `daily_quota_exceeded` with `Retry-After`; 503 as [`super::rate_limit`].
//! - Settings: `[limits.daily]` and `redis_away` in `routes.toml`, `LIMITER_MOST_KEYS`, `REDIS_URL`.
//! - Taught by lab 04 (rate limiting).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service_kit::error::ApiError;

use super::authenticate::Caller;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::client_address::ClientAddress;
use crate::limits::{Decision, Key, Limits};
use crate::route_table::{Access, Route};

/// For [`super::rate_limit`], which tells the client: an extension of the response.
#[derive(Debug, Clone)]
pub struct Counted(pub Decision);

pub async fn quota(
    State(limits): State<Limits>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let Some(limit) = &route.limits.quota else {
        return Ok(next.run(request).await);
    };
    let decision = limits.count(limit, &key(&route, &request)?).await?;
    let mut response = match decision.allowed {
        true => next.run(request).await,
        false => decision.refusal().into_response(),
    };
    response.extensions_mut().insert(Counted(decision));
    Ok(response)
}

fn key(route: &Route, request: &Request) -> Result<Key, ApiError> {
    if route.access == Access::Public {
        let ClientAddress(address) = left_by_an_outer_layer(request)?;
        return Ok(Key::address(address));
    }
    let Caller(caller) = left_by_an_outer_layer(request)?;
    let counted_as = caller.counted_as.to_str().map_err(ApiError::internal)?;
    Ok(Key::subject(counted_as))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use http::header::AUTHORIZATION;
    use serde_json::json;
    use service_kit::clock::Clock;
    use service_kit::error::Code;
    use tower::ServiceExt;

    use super::*;
    use crate::layers::authenticate::{Verifiers, authenticate};
    use crate::layers::route::route;
    use crate::route_table::{BUILT_IN, RouteTable};
    use crate::test_issuer::TestIssuer;

    struct Bench {
        app: Router,
        issuer: TestIssuer,
        clock: Clock,
    }

    /// A gateway whose daily quota is 3.
    fn bench() -> Bench {
        let issuer = TestIssuer::new("k1");
        let (tokens, life) = issuer.tokens();
        let text = BUILT_IN.replace("requests = 1000\n", "requests = 3\n");
        let table = Arc::new(RouteTable::read(&text).expect("no fault"));
        let limits = Limits::in_process(table.limits(), &life.clock, 1_000);
        let app = Router::new()
            .fallback(|| async { "passed" })
            .layer(from_fn_with_state(limits, quota))
            .layer(from_fn_with_state(Verifiers::of(tokens), authenticate))
            .layer(from_fn_with_state(table, route));
        Bench {
            app,
            issuer,
            clock: life.clock,
        }
    }

    impl Bench {
        async fn send(&self, request: http::request::Builder, address: [u8; 4]) -> Response {
            let mut request = request.body(Body::empty()).expect("a request");
            let address = ClientAddress(address.into());
            request.extensions_mut().insert(address);
            self.app.clone().oneshot(request).await.expect("an answer")
        }

        async fn get_as(&self, subject: &str, address: [u8; 4]) -> Response {
            let token = self.issuer.token_with("sub", json!(subject));
            let request = Request::get("/api/tours");
            let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
            self.send(request, address).await
        }
    }

    #[track_caller]
    fn assert_over(response: &Response) {
        let error = response.extensions().get::<ApiError>().expect("a refusal");
        assert_eq!(error.code, Code::DailyQuotaExceeded);
        assert_eq!(error.violated_policies, ["daily"]);
        assert!(error.retry_after.is_some_and(|seconds| seconds <= 86_400));
    }

    #[tokio::test]
    async fn a_user_is_counted_from_wherever_he_comes_and_no_other_user_with_him() {
        let bench = bench();
        for last in 1..=3 {
            let response = bench.get_as("alice", [203, 0, 113, last]).await;
            let Counted(decision) = response.extensions().get().expect("it was counted");
            assert_eq!(
                (response.status().as_u16(), decision.remaining),
                (200, 3 - u32::from(last))
            );
        }
        assert_over(&bench.get_as("alice", [203, 0, 113, 4]).await);
        assert_eq!(bench.get_as("bob", [203, 0, 113, 1]).await.status(), 200);
    }

    #[tokio::test]
    async fn the_quota_is_whole_again_a_day_after_its_first_request() {
        let bench = bench();
        for _ in 0..3 {
            let login = Request::post("/auth/login");
            assert_eq!(bench.send(login, [203, 0, 113, 9]).await.status(), 200);
        }
        bench.clock.advance(Duration::from_secs(86_399));
        assert_over(
            &bench
                .send(Request::post("/auth/login"), [203, 0, 113, 9])
                .await,
        );
        bench.clock.advance(Duration::from_secs(1));
        let response = bench
            .send(Request::post("/auth/login"), [203, 0, 113, 9])
            .await;
        assert_eq!(response.status(), 200);
    }

    #[tokio::test]
    async fn a_public_route_counts_by_address_if_it_names_the_quota_and_else_not_at_all() {
        let bench = bench();
        for _ in 0..3 {
            bench
                .send(Request::post("/auth/login"), [203, 0, 113, 9])
                .await;
        }
        assert_over(
            &bench
                .send(Request::post("/oauth/token"), [203, 0, 113, 9])
                .await,
        );
        let neighbour = bench
            .send(Request::post("/auth/login"), [203, 0, 113, 10])
            .await;
        assert_eq!(neighbour.status(), 200);
        for _ in 0..5 {
            let refresh = Request::post("/auth/refresh");
            assert_eq!(bench.send(refresh, [203, 0, 113, 9]).await.status(), 200);
        }
    }
}
