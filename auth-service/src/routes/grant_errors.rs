//! What a caller reads when a grant fails: which refusal it was goes to the log alone (R19).

use http::header::WWW_AUTHENTICATE;
use service_kit::error::{ApiError, Code};

use crate::grants::GrantError;

/// `refused`: the one code for all refusals of a route.
pub fn api_error(error: GrantError, refused: Code) -> ApiError {
    match error {
        GrantError::Refused(refusal) => unauthorized(refused).because(refusal),
        GrantError::Hashing(error) => error.into(),
        GrantError::Signing(_) | GrantError::Store(_) => ApiError::internal(error),
    }
}

/// A 401 always says how to authenticate (RFC 9110 section 15.5.2).
pub fn unauthorized(code: Code) -> ApiError {
    ApiError::new(code).with_header(WWW_AUTHENTICATE, r#"Bearer realm="escale""#)
}
