//! What a caller reads when a grant fails: which refusal it was goes to the log alone (R19).

use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use service_kit::aside::Subject;
use service_kit::error::{ApiError, Code};
use uuid::Uuid;

use crate::grants::GrantError;

/// Why no session was begun or kept: the caller reads one answer for all accounts, and the gateway's logs whose it was.
#[derive(Debug)]
pub struct SessionError {
    error: ApiError,
    account: Option<Uuid>,
}

impl SessionError {
    /// `refused`: the one code for all refusals of a route.
    pub fn new(error: GrantError, refused: Code) -> Self {
        match error {
            GrantError::Refused(refusal) => Self {
                account: refusal.account(),
                error: unauthorized(refused).because(refusal),
            },
            GrantError::Hashing(error) => ApiError::from(error).into(),
            GrantError::Store(error) => ApiError::from(error).into(),
            GrantError::Signing(error) => ApiError::internal(error).into(),
        }
    }
}

impl From<ApiError> for SessionError {
    fn from(error: ApiError) -> Self {
        let account = None;
        Self { error, account }
    }
}

impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        let subject = self.account.map(|account| Extension(Subject(account)));
        (subject, self.error).into_response()
    }
}

/// A 401 always says how to authenticate (RFC 9110 section 15.5.2).
pub fn unauthorized(code: Code) -> ApiError {
    ApiError::new(code).with_header(WWW_AUTHENTICATE, r#"Bearer realm="escale""#)
}
