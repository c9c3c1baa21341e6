//! What the service answered, and what tests ask of it.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_kit::error::{ApiError, LoggedReason};

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub logged: Option<String>,
}

impl Answer {
    pub(super) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let error = parts.extensions.get::<ApiError>();
        let reason = parts.extensions.get::<LoggedReason>();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            logged: error
                .and_then(|error| error.cause.clone())
                .or(reason.map(|reason| format!("{}: {}", reason.code, reason.cause))),
        }
    }

    /// A text of the body, by its name.
    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        let text = self.body[name].as_str();
        text.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status.as_u16(), &self.body["code"]),
            (status, &json!(code)),
            "{self:?}"
        );
    }

    /// RFC 6749 section 5.2.
    #[track_caller]
    pub fn assert_oauth_error(&self, status: u16, error: &str) {
        assert_eq!(
            (self.status.as_u16(), &self.body["error"]),
            (status, &json!(error)),
            "{self:?}"
        );
        assert_eq!(self.header("cache-control"), "no-store");
        let logged = self.logged.as_deref().unwrap_or_default();
        assert!(logged.starts_with(error), "logged: {logged}");
    }
}
