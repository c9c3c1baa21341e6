//! An API key as its owner reads it, and the only answer that holds one whole.

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Code};
use service_kit::iso_date::IsoDate;
use utoipa::ToSchema;
use uuid::Uuid;

use super::grant_errors::unauthorized;
use crate::api_keys::ApiKeyError;
use crate::domain::api_key::StoredKey;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
pub struct KeyAnswer {
    id: Uuid,
    name: String,
    /// The key's beginning.
    #[schema(pattern = "^esc_[A-Za-z0-9_-]{6}$")]
    prefix: String,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    /// UTC; `null` for a key that nobody has used yet.
    last_used_on: Option<IsoDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyList)]
pub struct KeyListAnswer {
    pub items: Vec<KeyAnswer>,
}

/// The answer to the request that made the key: the key is in no other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewApiKey)]
pub struct NewKeyAnswer {
    #[serde(flatten)]
    stored: KeyAnswer,
    #[serde(serialize_with = "revealed")]
    #[schema(value_type = String, pattern = "^esc_[A-Za-z0-9_-]{43}$")]
    key: SecretString,
}

impl NewKeyAnswer {
    pub fn new(stored: StoredKey, key: SecretString) -> Self {
        Self {
            stored: stored.into(),
            key,
        }
    }
}

fn revealed<S: Serializer>(key: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.expose_secret())
}

impl From<StoredKey> for KeyAnswer {
    fn from(key: StoredKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.names(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_on: key.last_used_at.map(|day| IsoDate(day.date())),
        }
    }
}

impl From<ApiKeyError> for ApiError {
    fn from(error: ApiKeyError) -> Self {
        match error {
            ApiKeyError::NoAccount(_) | ApiKeyError::Locked(_) => {
                unauthorized(Code::TokenInvalid).because(error)
            }
            ApiKeyError::ScopeTooWide => Self::new(Code::InsufficientScope).because(error),
            ApiKeyError::TooMany(_) => Self::new(Code::TooManyApiKeys).because(error),
            ApiKeyError::Store(error) => error.into(),
        }
    }
}
