//! A request's body, whole, with what can go wrong on the way told apart.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;

use crate::error::{ApiError, Code};
use crate::server::strict::BodyFault;

/// The whole body of a request that says it is JSON.
pub async fn json_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(
            ApiError::new(Code::UnsupportedMediaType).because("the body is not application/json")
        );
    }
    read_body(request, state).await
}

/// The whole body, with the stack's limits of size and of time told apart.
pub async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            ApiError::new(match &rejection {
                BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                    Code::BodyTooLarge
                }
                rejection if timed_out(rejection) => Code::RequestTimeout,
                _ => Code::MalformedRequest,
            })
            .because(rejection)
        })
}

/// Whether a body failed because its sender paused too long.
fn timed_out(rejection: &BytesRejection) -> bool {
    let mut source: Option<&dyn std::error::Error> = Some(rejection);
    while let Some(error) = source {
        let server_gave_up = matches!(error.downcast_ref(), Some(BodyFault::TooSlow));
        if server_gave_up || error.is::<tower_http::timeout::TimeoutError>() {
            return true;
        }
        source = error.source();
    }
    false
}
