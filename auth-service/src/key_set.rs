//! The signing keys that are alive, in memory: one signs, the others are only shown.
//!
//! Filled from the store at start and by the rotation job; every reader sees one whole set or the next.

use std::sync::Arc;

use arc_swap::ArcSwap;
use service_kit::clock::Timestamp;

use crate::domain::access_token::Claims;
use crate::domain::key_schedule;
use crate::domain::signing_key::{Jwk, SigningKey};

/// Clones share the same keys.
#[derive(Debug, Clone)]
pub struct KeySet(Arc<ArcSwap<Keys>>);

/// In the order in which they sign.
#[derive(Debug, Default)]
struct Keys {
    starts: Vec<Timestamp>,
    keys: Vec<SigningKey>,
}

#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    #[error("no signing key is due")]
    NoKey,
    #[error("signing: {0}")]
    Failed(#[from] jsonwebtoken::errors::Error),
}

impl KeySet {
    pub fn empty() -> Self {
        Self(Arc::default())
    }

    pub fn replace(&self, keys: Vec<(Timestamp, SigningKey)>) {
        let (starts, keys) = keys.into_iter().unzip();
        self.0.store(Arc::new(Keys { starts, keys }));
    }

    pub fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, SigningError> {
        let keys = self.0.load();
        let place = key_schedule::signer(&keys.starts, now).ok_or(SigningError::NoKey)?;
        Ok(keys.keys[place].sign(claims)?)
    }

    /// The public halves: the key that signs, those before it whose tokens live, the one that comes next.
    pub fn published(&self) -> Vec<Jwk> {
        let keys = self.0.load();
        keys.keys.iter().map(|key| key.jwk().clone()).collect()
    }
}
