//! `POST /auth/refresh` and `POST /auth/logout`: one refresh token, under the name of RFC 6749 section 6.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service_kit::error::{ApiError, Code, Rule};
use service_kit::form::Form;
use validator::Validate;

use crate::domain::refresh_token::RefreshToken;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RefreshForm {
    refresh_token: Option<SecretString>,
}

impl RefreshForm {
    /// `None` for a text that this service cannot have issued: it is answered like any unknown token.
    pub fn accept(mut form: Form<Self>) -> Result<Option<RefreshToken>, ApiError> {
        // Checked by hand: the rules of the form would name the field `refreshToken`.
        form.check(
            form.value.refresh_token.is_some(),
            "/refresh_token",
            Rule::Required,
        );
        let form = form.finish(Code::InvalidData)?;
        Ok(form
            .refresh_token
            .and_then(|text| RefreshToken::parse(text.expose_secret())))
    }
}
