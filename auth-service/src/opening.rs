//! How the service comes to its state, before it answers anybody.

use std::sync::Arc;

use service_kit::clock::Clock;
use service_kit::store::Store;

use crate::config::Config;
use crate::jobs::{self, KeysError};
use crate::key_set::KeySet;
use crate::keyring::Keyring;
use crate::password_hasher::PasswordHasher;
use crate::revocations::Revocations;
use crate::seed;
use crate::state::AppState;
use crate::store::MIGRATIONS;

impl AppState {
    /// Opens the database, makes sure that there is a key to sign with, creates what the seed file asks for.
    ///
    /// # Errors
    /// The database cannot be used; the master key is not the one that sealed it; the seed file is wrong.
    pub async fn open(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store, MIGRATIONS).await?;
        let state = Self {
            clock,
            keyring: Arc::new(Keyring::derive(&config.auth.master_key)),
            keys: KeySet::empty(),
            passwords: PasswordHasher::new()?,
            realm: Arc::new(config.auth.realm.clone()),
            revocations: Revocations::open(&store).await?,
            server: Arc::new(config.kit.server.clone()),
            store,
        };
        // First, because this is where a wrong master key shows, before anything new is sealed with it.
        jobs::rotate_signing_keys(&state, state.clock.now())
            .await
            .map_err(told_to_the_operator)?;
        if let Some(path) = &config.auth.seed {
            seed::apply(&state, path).await?;
        }
        state.passwords.rest();
        Ok(state)
    }
}

/// A wrong master key is a fault of the configuration: the process says so by its exit code.
fn told_to_the_operator(error: KeysError) -> anyhow::Error {
    match error {
        KeysError::WrongMasterKey(told) => told.into(),
        other => other.into(),
    }
}
