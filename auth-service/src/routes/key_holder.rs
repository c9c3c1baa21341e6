//! `GET /internal/api-keys/{hash}`: whose key this is, and what it opens now. The gateway alone may ask, over mTLS; no
//! route of the gateway leads here. It shows the hash and never the key, so that neither a log nor a memory dump of
//! this service holds one.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use service_kit::api_key::KeyHash;
use service_kit::error::{ApiError, Code};
use uuid::Uuid;

use crate::api_keys;
use crate::domain::api_key::StoredKey;
use crate::state::AppState;

#[derive(Debug, Serialize)]
pub struct KeyHolder {
    id: Uuid,
    owner: Uuid,
    scope: String,
    /// The second from which on the key is dead.
    expires: i64,
    /// The second of this answer, by this service's clock: revocations are dated by it.
    as_of: i64,
}

/// Unknown, expired, revoked, of a locked account: one answer.
pub async fn key_holder(
    State(state): State<AppState>,
    Path(hash): Path<String>,
) -> Result<Json<KeyHolder>, ApiError> {
    let hash: KeyHash = hash.parse().map_err(|_| Code::NotFound)?;
    let now = state.clock.now();
    let key = api_keys::in_force(&state, hash, now).await?;
    let StoredKey {
        id,
        account,
        scopes,
        expires_at,
        ..
    } = key.ok_or(Code::NotFound)?;
    Ok(Json(KeyHolder {
        id,
        owner: account,
        scope: scopes.to_string(),
        expires: expires_at.seconds(),
        as_of: now.seconds(),
    }))
}
