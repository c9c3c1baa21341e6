//! How the programs say no: a status and the course's JSON body (L5). What the caller reads is short and never tells
//! why in detail (R19).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub error: &'static str,
}

impl Refusal {
    pub const fn new(status: StatusCode, error: &'static str) -> Self {
        Self { status, error }
    }

    /// The caller has not shown who he is.
    pub const fn unauthorized(error: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({"success": false, "error": self.error}));
        match self.status {
            // A 401 says how to do better (RFC 9110 section 15.5.2).
            StatusCode::UNAUTHORIZED => {
                (self.status, [(WWW_AUTHENTICATE, "Bearer")], body).into_response()
            }
            status => (status, body).into_response(),
        }
    }
}
