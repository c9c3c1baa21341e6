//! The operator's side, on the admin address: who is in the jail, and let somebody out.
//!
//! `GET /jail` and `DELETE /jail/{key}`; the key is an address or `user:` and an id. The admin address is in plain HTTP
//! and asks for no token: it is on loopback, as its neighbour `/metrics`. A page in the operator's own browser could
//! still reach it under a name of its own that it points to 127.0.0.1 (DNS rebinding), so only requests that name the
//! host by its number, or `localhost`, are heard.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use http::StatusCode;
use http::header::HOST;
use serde::Serialize;
use serde_json::json;
use service_kit::clock::Timestamp;
use service_kit::error::render::render_errors;
use service_kit::error::{ApiError, Code};
use tower::ServiceBuilder;

use super::{Entry, Inmate, Jail};

pub fn routes(jail: Jail) -> Router {
    Router::new()
        .route("/jail", get(list))
        .route("/jail/{key}", delete(free))
        .route_layer(
            ServiceBuilder::new()
                .layer(from_fn(render_errors))
                .layer(from_fn(only_here)),
        )
        .with_state(jail)
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

async fn list(State(jail): State<Jail>) -> impl IntoResponse {
    let now = jail.0.clock.now();
    let items: Vec<_> = jail
        .list()
        .await
        .iter()
        .map(|entry| Line::new(entry, now))
        .collect();
    Json(json!({ "items": items }))
}

async fn free(State(jail): State<Jail>, Path(key): Path<String>) -> Result<StatusCode, ApiError> {
    let who: Inmate = key
        .parse()
        .map_err(|error| ApiError::new(Code::InvalidData).because(error))?;
    if jail.free(&who).await {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Code::NotFound.into())
    }
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
