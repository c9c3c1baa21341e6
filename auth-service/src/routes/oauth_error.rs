//! Refusals of the token endpoint: their body is that of RFC 6749 section 5.2, not the platform's own.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{PRAGMA, WWW_AUTHENTICATE};
use serde::Serialize;
use service_kit::error::{ApiError, LoggedReason};
use utoipa::ToSchema;

/// The name and the description are the client's to read: fixed texts, and ASCII, as the RFC wants them.
#[derive(Debug)]
pub struct OAuthError {
    name: &'static str,
    description: &'static str,
    /// For the access log alone.
    cause: String,
}

/// What the token endpoint may answer instead of a token.
#[derive(Debug)]
pub enum TokenError {
    Protocol(OAuthError),
    /// Before or beside the protocol: a body that cannot be read, a failure of ours.
    Other(ApiError),
}

impl OAuthError {
    fn new(name: &'static str, description: &'static str, cause: impl ToString) -> Self {
        Self {
            name,
            description,
            cause: cause.to_string(),
        }
    }

    pub fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description, description)
    }

    /// Unknown client, wrong secret, no authentication at all: one answer.
    pub fn invalid_client(reason: impl ToString) -> Self {
        Self::new("invalid_client", "Client authentication failed", reason)
    }

    pub fn invalid_scope(description: &'static str, reason: impl ToString) -> Self {
        Self::new("invalid_scope", description, reason)
    }

    pub fn unsupported_grant_type() -> Self {
        let description = "This server grants by client_credentials only";
        Self::new("unsupported_grant_type", description, "another grant type")
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub(super) struct OAuthErrorBody {
    error: &'static str,
    error_description: &'static str,
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = OAuthErrorBody {
            error: self.name,
            error_description: self.description,
        };
        let headers = [(PRAGMA, "no-cache")];
        let mut response = (StatusCode::BAD_REQUEST, headers, Json(body)).into_response();
        if self.name == "invalid_client" {
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            let challenge =
                http::HeaderValue::from_static(r#"Basic realm="escale", charset="UTF-8""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(LoggedReason {
            code: self.name,
            cause: self.cause,
        });
        response
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        match self {
            Self::Protocol(error) => error.into_response(),
            Self::Other(error) => error.into_response(),
        }
    }
}

impl From<OAuthError> for TokenError {
    fn from(error: OAuthError) -> Self {
        Self::Protocol(error)
    }
}

impl From<ApiError> for TokenError {
    fn from(error: ApiError) -> Self {
        Self::Other(error)
    }
}
