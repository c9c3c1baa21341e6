//! Tokens that were verified already: checking a signature costs some 70 microseconds, finding a hash less than one.
//!
//! Bounded without a list of uses: entries live in two generations. A full young generation becomes the old one, and
//! the old one is dropped; what is still used is carried over when it is found. The lock is held for one look-up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Verified;

/// SHA-256 of a token.
pub(super) type Fingerprint = [u8; 32];

/// Two generations of this many entries, some 500 bytes each.
const GENERATION: usize = 8_192;

#[derive(Default)]
pub(super) struct Cache(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    epoch: u64,
    young: HashMap<Fingerprint, Arc<Verified>>,
    old: HashMap<Fingerprint, Arc<Verified>>,
}

impl Cache {
    /// `epoch` is that of the keys in use: when a key was taken back, nothing that it signed is known any more.
    pub(super) fn get(&self, epoch: u64, fingerprint: &Fingerprint) -> Option<Arc<Verified>> {
        let mut generations = self.lock();
        generations.enter(epoch);
        if generations.epoch != epoch {
            return None;
        }
        if let Some(verified) = generations.young.get(fingerprint) {
            return Some(Arc::clone(verified));
        }
        let verified = generations.old.remove(fingerprint)?;
        generations.add(*fingerprint, &verified);
        Some(verified)
    }

    /// `epoch` is that of the keys which verified the token. If they have been replaced meanwhile, it is not kept.
    pub(super) fn insert(&self, epoch: u64, fingerprint: Fingerprint, verified: &Arc<Verified>) {
        let mut generations = self.lock();
        generations.enter(epoch);
        if generations.epoch == epoch {
            generations.add(fingerprint, verified);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn enter(&mut self, epoch: u64) {
        if epoch > self.epoch {
            *self = Self {
                epoch,
                ..Self::default()
            };
        }
    }

    fn add(&mut self, fingerprint: Fingerprint, verified: &Arc<Verified>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(fingerprint, Arc::clone(verified));
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn verified() -> Arc<Verified> {
        let value = HeaderValue::from_static("x");
        Arc::new(Verified {
            subject: value.clone(),
            roles: value.clone(),
            scope: value,
            expires: 0,
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
        cache.insert(0, favourite, &verified());
        for number in 0..GENERATION * 5 {
            cache.insert(0, fingerprint(number), &verified());
            assert!(cache.get(0, &favourite).is_some(), "{number}");
        }
        let generations = cache.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
        drop(generations);
        assert!(cache.get(0, &fingerprint(0)).is_none());
    }

    #[test]
    fn a_key_that_was_taken_back_empties_the_cache_and_a_late_verification_does_not_refill_it() {
        let cache = Cache::default();
        cache.insert(1, fingerprint(1), &verified());
        assert!(cache.get(1, &fingerprint(1)).is_some());
        assert!(cache.get(2, &fingerprint(1)).is_none());
        cache.insert(1, fingerprint(2), &verified());
        assert!(cache.get(2, &fingerprint(2)).is_none());
        assert!(cache.get(1, &fingerprint(2)).is_none());
    }
}
