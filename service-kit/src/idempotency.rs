//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a request that is sent twice is done
//! once. The key is the caller's; services store it with the caller's id, so that nobody can hit another's key.

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::error::{ApiError, Code};

const HEADER: &str = "idempotency-key";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl IdempotencyKey {
    fn of(parts: &Parts) -> Result<Option<Self>, ApiError> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let text = value.to_str().unwrap_or_default();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if values.next().is_some() || text.is_empty() || text.len() > 255 || !visible {
            return Err(Code::IdempotencyKeyInvalid.into());
        }
        Ok(Some(Self(text.to_owned())))
    }
}

/// Where the key must be there (payments).
impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Self::of(parts)?.ok_or_else(|| Code::IdempotencyKeyMissing.into())
    }
}

/// Where it may be there (bookings): `Option<IdempotencyKey>`.
impl<S: Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, ApiError> {
        Self::of(parts)
    }
}

/// What tells whether the same key came with the same request: SHA-256 of its parts, in hexadecimal.
pub fn fingerprint(parts: &[&str]) -> String {
    let joined = parts.join("\n");
    digest(&SHA256, joined.as_bytes())
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
