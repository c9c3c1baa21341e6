//! Refuses who is banned (L9, R3).
//!
//! - Threat: guessing passwords and tokens, looking for doors (404 after 404), walking through all ids to copy or find
//!   what is behind them, searching without end (T5, T11).
//! - Rule: answers cost points, by [`crate::jail`]; over a threshold the address is refused before any cryptography is
//!   spent on it, and the user on every device. `/health` never counts and is never refused. Three places, as no single
//!   one sees enough: [`watch`] is outside of `route`, to see the 404 of an unknown path; [`jail`] refuses an address;
//!   [`jail_user`] comes after authenticate, since before it nobody can say whose token it is.
//! - Answer when it refuses: 429 `jailed` with `Retry-After`, whatever was asked: a banned scanner is not told which
//!   paths exist.
//! - Settings: `ROUTES_FILE`, its table `[jail]`; `REDIS_URL`, with which a ban holds at all gateways; without Redis the
//!   known bans hold on. `cargo lab jail` lists and frees.
//! - Taught by lab 04 (rate limiting).

mod user;
mod visit;
mod watch;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use service_kit::error::{ApiError, Code};

use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::jail::Jail;
use crate::route_table::Target;
pub use user::jail_user;
use visit::Visit;
pub use watch::watch;

pub async fn jail(
    State(jail): State<Jail>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let visit: Visit = left_by_an_outer_layer(&request)?;
    // What the gateway answers by itself is for those who look after it: a load balancer's probe, above all.
    if route.target == Target::Gateway {
        visit.costs_nothing();
        return Ok(next.run(request).await);
    }
    if let Some(seconds) = visit.seconds_left() {
        return Err(refusal("address", seconds));
    }
    visit.enter(jail.rules(), &route.name, request.uri());
    Ok(next.run(request).await)
}

/// `side`: `address` or `user`, for the log and the metrics; the client reads the same answer for both.
fn refusal(side: &'static str, seconds: u64) -> ApiError {
    metrics::counter!("jail_refusals_total", "side" => side).increment(1);
    ApiError::new(Code::Jailed)
        .because(format_args!("the {side} is banned"))
        .retry_after(seconds)
}

#[cfg(test)]
mod tests;
