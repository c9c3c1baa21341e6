//! The operator's side, on the admin address: who is in the jail, and let somebody out.
//!
//! `GET /jail` and `DELETE /jail/{key}`; the key is an address or `user:` and an id. The admin address is in plain HTTP
//! and asks for no token: it is on loopback, as its neighbour `/metrics`. A page in the operator's own browser could
//! still reach it under a name of its own that it points to 127.0.0.1 (DNS rebinding), so only requests that name the
//! host by its number, or `localhost`, are heard.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use http::StatusCode;
use http::header::HOST;
use serde::Serialize;
use serde_json::json;
use service_kit::audit::{Audit, Event, Origin, Outcome, Stage};
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;
use service_kit::error::render::render_errors;
use service_kit::error::{ApiError, Code};
use tower::ServiceBuilder;

use super::{Entry, Inmate, Jail};

/// Both leave records (R18). Letting somebody out has one before it and one after it, and is not done while they cannot be
/// written; looking needs no more than a note.
pub fn routes(jail: Jail, audit: Audit) -> Router {
    Router::new()
        .route("/jail", get(list))
        .route("/jail/{key}", delete(free))
        .route_layer(
            ServiceBuilder::new()
                .layer(from_fn(render_errors))
                .layer(from_fn(only_here)),
        )
        .with_state(Office { jail, audit })
}

#[derive(Clone)]
struct Office {
    jail: Jail,
    audit: Audit,
}

impl Office {
    fn event(&self, action: &'static str, stage: Stage, origin: &Arc<Origin>) -> Event {
        Event::new(self.jail.0.clock.now(), action, stage).from(origin)
    }
}

/// The operator has no name here: he is whoever reaches the admin address.
fn origin(request: &Request) -> Arc<Origin> {
    let context = RequestContext::at_the_edge(request.headers());
    let origin = Origin::new(request.method(), request.uri(), &context);
    let caller = request.extensions().get::<ConnectInfo<SocketAddr>>();
    Arc::new(origin.address(caller.map(|ConnectInfo(caller)| caller.ip())))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    key: String,
    side: &'static str,
    /// `false`: the ban is over, and remembered.
    banned: bool,
    until: Timestamp,
    seconds_left: u64,
    bans: u32,
    offence: &'static str,
}

impl Line {
    fn new(entry: &Entry, now: Timestamp) -> Self {
        Self {
            key: entry.who.to_string(),
            side: entry.who.side(),
            banned: entry.ban.is_on(now),
            until: entry.ban.until,
            seconds_left: entry.ban.seconds_left(now),
            bans: entry.ban.count,
            offence: entry.ban.offence.as_str(),
        }
    }
}

async fn list(State(office): State<Office>, request: Request) -> impl IntoResponse {
    let looked = office.event("jail.list", Stage::Note, &origin(&request));
    office.audit.note(looked.outcome(Outcome::Success));
    let jail = &office.jail;
    let now = jail.0.clock.now();
    let items: Vec<_> = jail
        .list()
        .await
        .iter()
        .map(|entry| Line::new(entry, now))
        .collect();
    Json(json!({ "items": items }))
}

async fn free(
    State(office): State<Office>,
    Path(key): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let who: Inmate = key
        .parse()
        .map_err(|error| ApiError::new(Code::InvalidData).because(error))?;
    let origin = origin(&request);
    let event = |stage| office.event("jail.free", stage, &origin);
    let begun = office.audit.begin(event(Stage::Before)).await;
    let begun =
        begun.map_err(|unavailable| ApiError::new(Code::AuditUnavailable).because(unavailable))?;
    let freed = match office.jail.free(&who).await {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(ApiError::new(Code::NotFound)),
        Err(away) => Err(ApiError::new(Code::ServiceUnavailable).because(away)),
    };
    let status = freed
        .as_ref()
        .map_or_else(|refusal| refusal.code.status(), |status| *status);
    begun.end(event(Stage::After).status(status.as_u16()));
    freed
}

async fn only_here(request: Request, next: Next) -> Result<Response, ApiError> {
    let host = request.headers().get(HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_number_or_localhost(host) {
        return Err(ApiError::new(Code::CallerNotAllowed).because("called under another name"));
    }
    Ok(next.run(request).await)
}

fn is_number_or_localhost(host: &str) -> bool {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    name.eq_ignore_ascii_case("localhost")
        || host.parse::<SocketAddr>().is_ok()
        || bracketed.unwrap_or(host).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests;
