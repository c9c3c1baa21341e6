//! Keeps the signing keys to their schedule ([`key_schedule`]), and the copy in memory to the store.

use secrecy::ExposeSecret;
use service_kit::clock::Timestamp;
use service_kit::process::Misconfigured;

use crate::domain::key_schedule;
use crate::domain::signing_key::SigningKey;
use crate::state::AppState;
use crate::store::signing_keys::{self, StoredKey};

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("{0}")]
    WrongMasterKey(Misconfigured),
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
    #[error("a signing key could not be generated")]
    NotGenerated,
    #[error("signing key {0} is not a P-256 key")]
    NotAKey(String),
}

/// Makes the next key when it is due, deletes those whose tokens are all dead, and loads the rest.
///
/// # Errors
/// [`KeysError::WrongMasterKey`] when any key does not open: then nothing is changed.
pub async fn rotate_signing_keys(state: &AppState, now: Timestamp) -> Result<(), KeysError> {
    let stored = signing_keys::all(state.store.pool()).await?;
    let mut opened = open(state, &stored)?;
    if change(state, &stored, now).await? {
        opened = open(state, &signing_keys::all(state.store.pool()).await?)?;
    }
    state.keys.replace(opened);
    Ok(())
}

/// Whether anything was due.
async fn change(state: &AppState, stored: &[StoredKey], now: Timestamp) -> Result<bool, KeysError> {
    let starts: Vec<Timestamp> = stored.iter().map(|key| key.signs_from).collect();
    let next = key_schedule::next_start(&starts, now);
    let dead: Vec<usize> = key_schedule::dead(&starts, now).collect();
    if next.is_none() && dead.is_empty() {
        return Ok(false);
    }
    let mut write = state.store.write().await?;
    for place in dead {
        signing_keys::delete(&mut write, &stored[place].kid).await?;
        tracing::info!(kid = stored[place].kid, "signing key retired");
    }
    if let Some(signs_from) = next {
        let generation = stored.last().map_or(1, |last| last.generation + 1);
        let key = generate(state, generation, signs_from)?;
        signing_keys::insert(&mut write, &key).await?;
        tracing::info!(kid = key.kid, %signs_from, "signing key made");
    }
    write.commit().await?;
    Ok(true)
}

fn generate(
    state: &AppState,
    generation: i64,
    signs_from: Timestamp,
) -> Result<StoredKey, KeysError> {
    let (key, pkcs8) = SigningKey::generate().map_err(|_| KeysError::NotGenerated)?;
    let seal = &state.keyring.signing_keys;
    Ok(StoredKey {
        kid: key.kid().to_owned(),
        generation,
        sealed_key: seal.seal(key.kid().as_bytes(), pkcs8.expose_secret()),
        signs_from,
    })
}

fn open(state: &AppState, stored: &[StoredKey]) -> Result<Vec<(Timestamp, SigningKey)>, KeysError> {
    let keys = stored.iter().map(|row| {
        let seal = &state.keyring.signing_keys;
        let pkcs8 = seal
            .open(row.kid.as_bytes(), &row.sealed_key)
            .map_err(|_| wrong_master_key())?;
        let key =
            SigningKey::from_pkcs8(&pkcs8).map_err(|_| KeysError::NotAKey(row.kid.clone()))?;
        Ok((row.signs_from, key))
    });
    keys.collect()
}

fn wrong_master_key() -> KeysError {
    KeysError::WrongMasterKey(Misconfigured(
        "AUTH_MASTER_KEY: this key does not open the signing keys of DATABASE_URL; give the key that the database was \
         made with, or start with an empty database"
            .to_owned(),
    ))
}
