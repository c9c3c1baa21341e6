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

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use service_kit::aside::Aside;
use service_kit::audit::{Audit, Event, Stage};
use service_kit::clock::Clock;
use service_kit::error::{ApiError, Code};

use super::left_by_an_outer_layer;
use super::route::Matched;
use asked::Asked;

const MOST_LOGGED: usize = 65_536;

/// What both halves share.
#[derive(Clone)]
pub struct Auditing {
    pub log: Audit,
    pub clock: Clock,
}

// TODO(lab 06): cette moitié journalise tout ce qui passe, en clair, et rien de ce qu'un audit demande. Récrivez-la.
//
// - Une route qui porte `audit = "booking.create"` n'est transmise que lorsque l'enregistrement de la tentative (`Stage::Before`)
//   est écrit pour de bon. Si le journal ne peut pas l'écrire : 503 `audit_unavailable`, et rien n'est transmis.
// - Sa fin a le sien (`Stage::After`), réussite ou non, avec le statut et, en cas de refus, sa raison. Il s'écrit aussi quand
//   personne n'attend plus la réponse : un client qui part au milieu fait abandonner la requête là où elle en est.
// - La moitié extérieure, `audit_refusals`, ne doit pas écrire une seconde fois ce que celle-ci a couvert.
// - Ni en-tête, ni corps, ni paramètre d'URL : un `Event` n'a pas de place pour eux, et ce n'est pas un oubli.
//
// This half logs all that passes, in clear, and nothing of what an audit asks for. Write it anew.
//
// - A route with `audit = "booking.create"` is forwarded only when the record of its attempt (`Stage::Before`) is written
//   for good. If the log cannot write it: 503 `audit_unavailable`, and nothing is forwarded.
// - Its end has one too (`Stage::After`), success or not, with the status and, of a refusal, its reason. It is also written
//   when nobody waits for the answer any more: a client that goes away in the middle drops the request where it is.
// - The outer half, `audit_refusals`, must not write a second time what this one has covered.
// - No header, no body, no query: an `Event` has no place for them, and that is no oversight.
/// The inner half, in its place in the design's list.
pub async fn audit(
    State(_auditing): State<Auditing>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let Some(action) = route.audit.as_deref() else {
        return Ok(next.run(request).await);
    };
    let asked: Asked = left_by_an_outer_layer(&request)?;
    asked.is_covered();
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MOST_LOGGED).await;
    let body = body.map_err(|error| ApiError::new(Code::MalformedRequest).because(error))?;
    let (headers, text) = (&head.headers, String::from_utf8_lossy(&body));
    tracing::info!(target: "audit", action, uri = %head.uri, ?headers, body = %text);
    let request = Request::from_parts(head, Body::from(body));
    Ok(next.run(request).await)
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
