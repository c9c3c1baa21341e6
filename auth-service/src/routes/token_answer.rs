//! A successful token answer, under the names of RFC 6749 section 5.1.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access_token::LIFE;
use crate::grants::{ClientToken, UserTokens};

#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub struct TokenAnswer {
    access_token: String,
    #[schema(pattern = "^Bearer$")]
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_in: Option<i64>,
    scope: String,
}

impl From<UserTokens> for TokenAnswer {
    fn from(tokens: UserTokens) -> Self {
        Self {
            access_token: tokens.access_token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: LIFE.as_secs(),
            refresh_token: Some(tokens.refresh_token.expose_secret().to_owned()),
            refresh_expires_in: Some(tokens.refresh_expires_in),
            scope: tokens.scope,
        }
    }
}

impl From<ClientToken> for TokenAnswer {
    fn from(token: ClientToken) -> Self {
        Self {
            access_token: token.access_token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: LIFE.as_secs(),
            refresh_token: None,
            refresh_expires_in: None,
            scope: token.scope,
        }
    }
}
