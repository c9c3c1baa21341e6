//! Counts requests by address, before anything costly is done for them (L6, L7, R11).
//!
//! - Threat: floods, password guessing, scraping (API4:2023), from one address or from one network of a subscriber.
//! - Rule: each route counts against the class `address`, and against the strict classes that it names; IPv6 by /64.
//!   No header that the client sends changes whose count it is. Tokens are not looked at: their signatures are a part of
//!   what is protected. What has no route (400, 404, 405) never comes here: [`limit_unrouted`], the outer half, counts it
//!   against `address` all the same, so that looking for doors costs what going through them does.
//! - Answer when it refuses: 429 `too_many_requests` or `endpoint_limit_reached` with `Retry-After`. Every answer that was
//!   counted, refused or not and from whichever layer, carries `RateLimit-Policy` and `RateLimit`.
//! - Settings: `[limits.*]` and `limits` in `routes.toml`, `TRUSTED_PROXIES`, `LIMITER_MOST_KEYS`.
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
use crate::route_table::Route;
pub use unrouted::limit_unrouted;

pub async fn rate_limit(
    State(limits): State<Limits>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let ClientAddress(address) = left_by_an_outer_layer(&request)?;
    let mut decisions = count(&limits, &route, &Key::address(address)).await?;
    let refused = decisions.iter().find(|decision| !decision.allowed);
    let mut response = match refused.map(Decision::refusal) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    let quota = response.extensions_mut().remove::<Counted>();
    decisions.extend(quota.map(|Counted(decision)| decision));
    fields::write(response.headers_mut(), route.limits.all(), &decisions);
    Ok(response)
}

async fn count(limits: &Limits, route: &Route, key: &Key) -> Result<Vec<Decision>, ApiError> {
    let mut decisions = Vec::with_capacity(route.limits.by_address.len() + 1);
    for class in &route.limits.by_address {
        decisions.push(limits.count(class, key).await?);
    }
    Ok(decisions)
}
