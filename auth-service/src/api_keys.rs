//! Making API keys, showing them to their owners, taking them back, and telling a gateway whose one is.

use secrecy::SecretString;
use service_kit::api_key::{ApiKey, KeyHash};
use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::domain::api_key::{self, MOST_KEYS, StoredKey};
use crate::domain::revocation::Revoked;
use crate::domain::scope::Scopes;
use crate::state::AppState;
use crate::store::api_keys;

/// Already checked against the rules of a form, or of the seed file.
#[derive(Debug)]
pub struct NewKey {
    pub name: String,
    pub scopes: Scopes,
    pub days: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// A token outlives its account by minutes, and is still no account.
    #[error("account {0} is gone")]
    NoAccount(Uuid),
    #[error("account {0} is locked")]
    Locked(Uuid),
    #[error("a scope that no key of this owner may hold")]
    ScopeTooWide,
    #[error("account {0} has {MOST_KEYS} keys")]
    TooMany(Uuid),
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
}

/// The new key, whose text is nowhere else from here on.
pub async fn create(
    state: &AppState,
    account: Uuid,
    new: NewKey,
) -> Result<(StoredKey, SecretString), ApiKeyError> {
    let key = ApiKey::random();
    let stored = add(state, account, new, &key).await?;
    Ok((stored, key.reveal().clone()))
}

/// # Errors
/// The account is looked up at this moment (R3): an old token makes no key for an account that was locked meanwhile.
pub async fn add(
    state: &AppState,
    account: Uuid,
    new: NewKey,
    key: &ApiKey,
) -> Result<StoredKey, ApiKeyError> {
    let mut write = state.store.write().await?;
    let now = state.clock.now();
    let owner = api_keys::lock_owner(&mut write, account).await?;
    let owner = owner.ok_or(ApiKeyError::NoAccount(account))?;
    if owner.is_locked(now) {
        return Err(ApiKeyError::Locked(account));
    }
    if !owner.may_give(&new.scopes) {
        return Err(ApiKeyError::ScopeTooWide);
    }
    if api_keys::count(&mut write, account, now).await? >= MOST_KEYS {
        return Err(ApiKeyError::TooMany(account));
    }
    let stored = StoredKey {
        id: Uuid::new_v4(),
        account,
        name: new.name,
        hash: key.hash(),
        prefix: key.prefix().to_owned(),
        scopes: new.scopes,
        created_at: now,
        expires_at: api_key::expiry(now, new.days),
        last_used_at: None,
    };
    api_keys::insert(&mut write, &stored).await?;
    write.commit().await?;
    Ok(stored)
}

pub async fn list(state: &AppState, account: Uuid) -> Result<Vec<StoredKey>, sqlx::Error> {
    api_keys::of_account(state.store.pool(), account, state.clock.now()).await
}

/// Takes a key back; the gateways refuse it within a second. Whether this account has such a key: somebody else's is
/// none.
pub async fn revoke(state: &AppState, id: Uuid, account: Uuid) -> Result<bool, sqlx::Error> {
    let mut write = state.store.write().await?;
    let was_there = api_keys::delete(&mut write, id, account).await?;
    if was_there {
        let now = state.clock.now();
        let revoked = Revoked::Token(id);
        state.revocations.insert(&mut write, &revoked, now).await?;
    }
    write.commit().await?;
    state.revocations.ring();
    Ok(was_there)
}

/// The key of this hash, if it opens anything now.
pub async fn in_force(
    state: &AppState,
    hash: KeyHash,
    now: Timestamp,
) -> Result<Option<StoredKey>, sqlx::Error> {
    let found = api_keys::by_hash(state.store.pool(), &hash.to_string()).await?;
    let found = found.filter(|(key, owner)| key.is_in_force(owner, now));
    let key = found.map(|(key, _)| key);
    if let Some(key) = key.as_ref().filter(|key| key.is_first_use(now)) {
        note_use(state, key.id, now).await;
    }
    Ok(key)
}

/// A key opens what it opens, also while its use cannot be written down.
async fn note_use(state: &AppState, id: Uuid, now: Timestamp) {
    let noted = async {
        let mut write = state.store.write().await?;
        api_keys::note_use(&mut write, id, api_key::day_of(now)).await?;
        write.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, key = %id, "the use of an API key was not written down");
    }
}
