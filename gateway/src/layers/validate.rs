//! Judges the body by the route's schema, and hands on what it means instead of what was sent (L10, R14).
//!
//! - Threat: a field that nobody asked for (`role`, `status`, `price`: API3:2023), a value out of bounds, a body that
//!   two readers read in two ways (a key twice, text after the value, a byte order mark, `2.0` for 2), one that is
//!   made to be costly (nested ten thousand times, a thousand unknown fields).
//! - Rule: the whole body is read, within the bounds at which `content_type` cuts it, and judged by the schema that the
//!   services use too. What goes on is the validated value, written anew: canonical UUIDs and dates, no doubt left. A
//!   route without a schema says why in the route table, and its body streams through.
//! - Answer when it refuses: 400 `invalid_booking` or `invalid_data` with all faults at once, in the caller's
//!   language; 400 `malformed_json` for what is no JSON object, or nested deeper than 32; 413 and 408 as
//!   `content_type` has it.
//! - Settings: `ROUTES_FILE` (`schema` of a route), `HTTP_BODY_SECONDS`.
//! - Taught by lab 05 (validation).

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, Collected};
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Code};

use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::bodies::{Bodies, BodyFault};
use crate::route_table::body::{Content, Media};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// How long services answer a repeated request as they did the first time.
const KEYS_LIVE: Duration = Duration::from_secs(24 * 60 * 60);

pub async fn validate(
    State(bodies): State<Bodies>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let content = route
        .body_of(request.method())
        .map(|policy| &policy.content);
    let Some(Content::Judged(schema)) = content else {
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    let given = read(body).await?;
    let sent_at = earliest_sending(&parts.headers, bodies.clock.now());
    let meant = schema.normalise(&given, sent_at.date())?;
    describe(&mut parts.headers, &meant);
    let request = Request::from_parts(parts, Body::from(meant));
    Ok(next.run(request).await)
}

/// The bound of size is `content_type`'s: a body that goes beyond it ends here with the reason.
async fn read(body: Body) -> Result<Bytes, ApiError> {
    let read = body.collect().await.map(Collected::to_bytes);
    read.map_err(|error| {
        let mut source: Option<&dyn Error> = Some(&error);
        while let Some(cause) = source {
            if let Some(fault) = cause.downcast_ref::<BodyFault>() {
                return (*fault).into();
            }
            source = cause.source();
        }
        ApiError::new(Code::MalformedRequest).because(error)
    })
}

/// When this request may have been sent for the first time. What was in the future then must not be refused when it is
/// repeated after midnight: the service knows the key, and answers it as before. A key that the service does not know
/// helps nobody: the service looks at the date again.
fn earliest_sending(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    if headers.contains_key(IDEMPOTENCY_KEY) {
        now.minus(KEYS_LIVE)
    } else {
        now
    }
}

/// The headers that speak of the body now speak of this one. A digest of the one that was sent would be wrong.
fn describe(headers: &mut HeaderMap, body: &[u8]) {
    for name in ["content-digest", "content-md5", "digest"] {
        headers.remove(name);
    }
    let json = HeaderValue::from_static(Media::Json.essence());
    headers.insert(CONTENT_TYPE, json);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
}

#[cfg(test)]
mod tests;
