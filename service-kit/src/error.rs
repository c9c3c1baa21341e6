//! One error for all services, one body for all refusals (RFC 9457, L5, R19).
//!
//! What the client reads (`code`, `faults`) and what the log reads (`cause`) are two fields. A handler returns an
//! [`ApiError`]; it travels in the response's extensions to [`render`], which writes the body in the caller's
//! language, and to the access log, which writes the cause.

mod code;
mod fault;
mod language;
pub mod render;

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};

pub use code::Code;
pub use fault::{Fault, Rule};
pub use language::Language;

use crate::store::is_unavailable;

/// A refusal or a failure, on its way to the client and to the log.
#[derive(Debug, Clone, thiserror::Error)]
pub struct ApiError {
    pub code: Code,
    /// Every fault of the input, not only the first (L10).
    pub faults: Vec<Fault>,
    /// For the log alone: it may name hosts, tables and files. Never a secret (R20).
    pub cause: Option<String>,
    /// Seconds; sent as `Retry-After` and as `retryAfter` in the body.
    pub retry_after: Option<u64>,
    /// Names of the quota policies that the request exceeds: they make it a problem of the type `quota-exceeded`.
    pub violated_policies: Vec<String>,
    /// What the status asks for: `WWW-Authenticate` on 401, `Allow` on 405.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl ApiError {
    pub fn new(code: Code) -> Self {
        Self {
            code,
            faults: Vec::new(),
            cause: None,
            retry_after: None,
            violated_policies: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Bad input, with all its faults.
    pub fn invalid(code: Code, faults: Vec<Fault>) -> Self {
        Self {
            faults,
            ..Self::new(code)
        }
    }

    /// A failure of ours: the client reads a fixed text, the log reads `cause`.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Names a quota policy that the request exceeds (draft-ietf-httpapi-ratelimit-headers, problem types).
    #[must_use]
    pub fn violating(mut self, policy: impl Into<String>) -> Self {
        self.violated_policies.push(policy.into());
        self
    }

    /// Adds a header to the answer. A value that is no header value is dropped: it cannot be sent.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code.as_str())?;
        self.cause
            .as_deref()
            .map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

/// A refusal whose body another standard decides (RFC 6749 section 5.2): an extension of the response, for the logs
/// alone.
#[derive(Debug, Clone)]
pub struct LoggedReason {
    /// That standard's name of it, `invalid_client`: of a-z, 0-9 and _.
    pub code: &'static str,
    /// As [`ApiError::cause`].
    pub cause: String,
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        let code = match is_unavailable(&error) {
            true => Code::ServiceUnavailable,
            false => Code::Internal,
        };
        Self::new(code).because(format_args!("store: {error}"))
    }
}

impl IntoResponse for ApiError {
    /// The status and headers now; the body is written by [`render::render_errors`], which knows the caller's
    /// language and the request id.
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(http::header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}
