//! Lets a body through only on a route that takes one, of its type and within its size, and a caller only if he can
//! read the answer (R13).
//!
//! - Threat: a body that the gateway reads as one thing and a service as another (XML on a JSON route, UTF-7, two
//!   types); a bomb (gzip of a gigabyte, 100 MB); a body on `GET`, which a service may take for the next request;
//!   a body that drips and holds its connection.
//! - Rule: the route says type and size (`body`, `max_body`); UTF-8 and no content coding; whatever is longer than
//!   declared or allowed is cut while it streams. `Accept` must leave room for JSON: every answer is JSON, and a
//!   refusal is `application/problem+json` whether it is accepted or not (RFC 9110 section 15.5.7).
//! - Answer when it refuses: 415 `unsupported_media_type` with `Accept` or `Accept-Encoding` (RFC 9110 section
//!   15.5.16); 413 `body_too_large`, also for any byte on a route that takes none: its bound is zero; 400
//!   `malformed_request` for two `Content-Type`s or a `Content-Range`; 408 `request_timeout`; 406 `not_acceptable`.
//! - Settings: `ROUTES_FILE` (`body`, `max_body` of a route), `HTTP_BODY_SECONDS`.
//! - Taught by lab 05 (validation).

mod accept;
mod media_type;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
};
use http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use service_kit::error::{ApiError, Code};

use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::bodies::{Bodies, BodyFault, Metered};
use crate::route_table::body::Media;

/// Of any body.
const MOST: u64 = 16_384;

pub async fn content_type(
    State(bodies): State<Bodies>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    check_headers(request.headers())?;
    if request.body().is_end_stream() {
        // What is missing, if anything, is for `validate` to say.
        return Ok(next.run(request).await);
    }
    if route.body_of(request.method()).is_none() {
        let request = without_body(request, &bodies).await?;
        return Ok(next.run(request).await);
    }
    check_type(request.headers(), Media::Json)?;
    // One spelling from here on: the service reads the type that was judged.
    let essence = HeaderValue::from_static(Media::Json.essence());
    request.headers_mut().insert(CONTENT_TYPE, essence);
    metered(request, next, &bodies).await
}

/// What is looked at whether there is a body or not.
fn check_headers(headers: &HeaderMap) -> Result<(), ApiError> {
    let malformed = |cause| ApiError::new(Code::MalformedRequest).because(cause);
    if headers.get_all(CONTENT_TYPE).iter().count() > 1 {
        return Err(malformed("two Content-Type headers"));
    }
    if headers.contains_key(CONTENT_RANGE) {
        // RFC 9110 section 14.4: a part that is taken for the whole overwrites the rest.
        return Err(malformed("Content-Range on a request"));
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(ApiError::new(Code::UnsupportedMediaType)
            .because("Content-Encoding on a request")
            .with_header(ACCEPT_ENCODING, "identity"));
    }
    if !accept::takes_json(headers) {
        return Err(ApiError::new(Code::NotAcceptable).because("Accept leaves no room for JSON"));
    }
    Ok(())
}

fn check_type(headers: &HeaderMap, media: Media) -> Result<(), ApiError> {
    let given = headers.get(CONTENT_TYPE);
    if given.is_some_and(|value| media_type::is_utf8_of(value, media.essence())) {
        return Ok(());
    }
    Err(ApiError::new(Code::UnsupportedMediaType)
        .because(format_args!("the body is not {}", media.essence()))
        .with_header(ACCEPT, media.essence()))
}

/// HTTP/2 and chunked coding tell only at its end that a body is empty, and some clients send such a one with `GET`.
async fn without_body(request: Request, bodies: &Bodies) -> Result<Request, ApiError> {
    if request.body().size_hint().lower() > 0 {
        return Err(BodyFault::TooLarge.into());
    }
    let (mut parts, body) = request.into_parts();
    let (body, verdict) = Metered::new(body, 0, bodies.patience);
    if let Err(error) = body.collect().await {
        let broken = || ApiError::new(Code::MalformedRequest).because(error);
        return Err(verdict.fault().map_or_else(broken, ApiError::from));
    }
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn metered(request: Request, next: Next, bodies: &Bodies) -> Result<Response, ApiError> {
    if request.body().size_hint().lower() > MOST {
        return Err(BodyFault::TooLarge.into());
    }
    let (parts, body) = request.into_parts();
    let (body, verdict) = Metered::new(body, MOST, bodies.patience);
    let response = next.run(Request::from_parts(parts, Body::new(body))).await;
    // Whatever the answer to half a body is: the client is told why it was half.
    verdict
        .fault()
        .map_or(Ok(response), |fault| Err(fault.into()))
}

#[cfg(test)]
mod tests;
