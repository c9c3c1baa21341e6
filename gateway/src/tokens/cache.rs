//! Tokens that were verified already: checking a signature costs some 70 microseconds, finding a hash less than one.
//!
//! Bounded without a list of uses: entries live in two generations. A full young generation becomes the old one, and
//! the old one is dropped; what is still used is carried over when it is found. The lock is held for one look-up.
//! Whether an entry still counts (its keys, its end, a revocation) is for who finds it to ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Verified;
use crate::revocations::Mark;

/// SHA-256 of a token.
pub(super) type Fingerprint = [u8; 32];

/// Two generations of this many entries, some 700 bytes each.
const GENERATION: usize = 8_192;

/// A token whose signature and claims were good.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) verified: Arc<Verified>,
    /// By what it can be revoked; a foreign token has none.
    pub(super) mark: Option<Mark>,
    /// The place of its issuer in the list of issuers.
    pub(super) issuer: usize,
    /// Of the keys that verified it. When one of them is taken back the issuer's epoch rises, and this entry is void.
    pub(super) epoch: u64,
}

#[derive(Default)]
pub(super) struct Cache(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<Fingerprint, Arc<Known>>,
    old: HashMap<Fingerprint, Arc<Known>>,
}

impl Cache {
    pub(super) fn get(&self, fingerprint: &Fingerprint) -> Option<Arc<Known>> {
        let mut generations = self.lock();
        if let Some(known) = generations.young.get(fingerprint) {
            return Some(Arc::clone(known));
        }
        let known = generations.old.remove(fingerprint)?;
        generations.add(*fingerprint, &known);
        Some(known)
    }

    pub(super) fn insert(&self, fingerprint: Fingerprint, known: &Arc<Known>) {
        self.lock().add(fingerprint, known);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn add(&mut self, fingerprint: Fingerprint, known: &Arc<Known>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(fingerprint, Arc::clone(known));
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn known() -> Arc<Known> {
        let value = HeaderValue::from_static("x");
        Arc::new(Known {
            verified: Arc::new(Verified {
                subject: value.clone(),
                roles: value.clone(),
                scope: value,
                expires: 0,
            }),
            mark: None,
            issuer: 0,
            epoch: 0,
        })
    }

    fn fingerprint(number: usize) -> Fingerprint {
        let mut bytes = Fingerprint::default();
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        bytes
    }

    #[test]
    fn the_cache_stays_bounded_and_keeps_what_is_used() {
        let cache = Cache::default();
        let favourite = fingerprint(usize::MAX);
        cache.insert(favourite, &known());
        for number in 0..GENERATION * 5 {
            cache.insert(fingerprint(number), &known());
            assert!(cache.get(&favourite).is_some(), "{number}");
        }
        let generations = cache.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
        drop(generations);
        assert!(cache.get(&fingerprint(0)).is_none());
    }
}
