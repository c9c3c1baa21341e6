//! Leaves a trace of each sensitive action, before and after it, and of each refusal that matters (L12, R18).
//!
//! - Threat: an action that nobody can be held to; a trace that whoever erases it leaves whole; secrets in the trace; a
//!   flood of refusals that fills the disk.
//! - Rule: a route with `audit = "booking.create"` is forwarded only when the record of its attempt is durable, and its
//!   end has a record too: status and outcome, or `unknown` when the client went away. [`audit_refusals`], the outer half of this
//!   layer, sees what the layers between the two refuse, and adds answers 400, 401, 403, 413, 415, 422 and 429 of every
//!   other route. These are queued without waiting; more than a thousand a minute, or more than fit the queue, are
//!   counted, and the log tells the number. Records are chained: see [`service_kit::audit`].
//! - Answer when it refuses: 503 `audit_unavailable` for a sensitive action while the log cannot be written. Reading
//!   stays open.
//! - Settings: `AUDIT_FILE`, `AUDIT_KEY`, `AUDIT_KEEP_DAYS`, `ROUTES_FILE` (`audit` of a route).
//! - Taught by lab 06 (audit).

mod asked;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use service_kit::aside::Aside;
use service_kit::audit::{Audit, Begun, Event, Origin, Stage};
use service_kit::clock::Clock;
use service_kit::error::{ApiError, Code};

use super::left_by_an_outer_layer;
use super::route::Matched;
use asked::Asked;

/// What both halves share.
#[derive(Clone)]
pub struct Auditing {
    pub log: Audit,
    pub clock: Clock,
}

/// The inner half, in its place in the design's list.
pub async fn audit(
    State(auditing): State<Auditing>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let Some(action) = route.audit.clone() else {
        return Ok(next.run(request).await);
    };
    let asked: Asked = left_by_an_outer_layer(&request)?;
    let origin = Arc::new(asked.origin());
    let event = |stage| Event::new(auditing.clock.now(), action.to_string(), stage).from(&origin);
    let begun = auditing.log.begin(event(Stage::Before)).await;
    let begun =
        begun.map_err(|unavailable| ApiError::new(Code::AuditUnavailable).because(unavailable))?;
    asked.is_covered();
    let ending = Ending {
        begun: Some(begun),
        action: action.to_string(),
        origin,
        clock: auditing.clock,
    };
    let response = next.run(request).await;
    ending.answered(&response);
    Ok(response)
}

/// The record after an action. It is also written when the action is dropped in the middle: the server drops a request
/// whose client has gone, and a panic unwinds through here.
struct Ending {
    begun: Option<Begun>,
    action: String,
    origin: Arc<Origin>,
    clock: Clock,
}

impl Ending {
    fn answered(mut self, response: &Response) {
        let event = self.event().status(response.status().as_u16());
        self.write(with_what_is_told(event, response));
    }

    fn event(&self) -> Event {
        Event::new(self.clock.now(), self.action.clone(), Stage::After).from(&self.origin)
    }

    fn write(&mut self, event: Event) {
        if let Some(begun) = self.begun.take() {
            begun.end(event);
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.begun.is_some() {
            let event = self.event().reason("no answer was given");
            self.write(event);
        }
    }
}

/// The outer half: just inside the access log, outside of everything that refuses.
pub async fn audit_refusals(
    State(auditing): State<Auditing>,
    mut request: Request,
    next: Next,
) -> Response {
    let asked = Asked::of(&request);
    request.extensions_mut().insert(asked.clone());
    let response = next.run(request).await;
    if matters(&response) && !asked.was_covered() {
        let event = Event::new(auditing.clock.now(), "request.refused", Stage::Refused)
            .status(response.status().as_u16())
            .from(&Arc::new(asked.origin()));
        auditing.log.refused(with_what_is_told(event, &response));
    }
    response
}

/// Not 404 and 405: strangers cause them by the thousand, and the access log has them.
fn matters(response: &Response) -> bool {
    let error = response.extensions().get::<ApiError>();
    error.is_some_and(|error| error.code == Code::AuditUnavailable)
        || matches!(
            response.status(),
            StatusCode::BAD_REQUEST
                | StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::PAYLOAD_TOO_LARGE
                | StatusCode::UNSUPPORTED_MEDIA_TYPE
                | StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::TOO_MANY_REQUESTS
        )
}

/// Why, by the code alone: the cause is free text, and belongs to the log. And whose account it was about, where only
/// the service's answer knows.
fn with_what_is_told(event: Event, response: &Response) -> Event {
    if let Some(error) = response.extensions().get::<ApiError>() {
        return event.reason(error.code.as_str());
    }
    let Some(Aside { code, subject }) = response.extensions().get() else {
        return event;
    };
    let event = match code {
        Some(code) => event.reason(code.to_string()),
        None => event,
    };
    match subject {
        Some(account) => event.or_user(*account),
        None => event,
    }
}

#[cfg(test)]
mod tests;
