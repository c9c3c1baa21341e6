//! What was said of which key, and when. Good keys and unknown ones are apart, so that a flood of made-up keys pushes
//! no good one out.

use std::sync::Arc;

use service_kit::api_key::KeyHash;
use service_kit::clock::Timestamp;

use super::{FRESH, Holder, Known, UNKNOWN};
use crate::bounded_cache::BoundedCache;

/// Two generations of this many entries: of good keys some 500 bytes each, of unknown ones 40.
const GENERATION: usize = 4_096;

pub(super) struct Memory {
    known: BoundedCache<KeyHash, Arc<Known>>,
    /// When it was said.
    unknown: BoundedCache<KeyHash, Timestamp>,
}

pub(super) enum Recalled {
    Fresh(Arc<Known>),
    /// It was good, and is to be asked for anew.
    Old(Arc<Known>),
    Unknown,
    Nothing,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            known: BoundedCache::new(GENERATION),
            unknown: BoundedCache::new(GENERATION),
        }
    }
}

impl Memory {
    pub(super) fn recall(&self, hash: &KeyHash, now: Timestamp) -> Recalled {
        if let Some(known) = self.known.get(hash) {
            return match now < known.asked.plus(FRESH) {
                true => Recalled::Fresh(known),
                false => Recalled::Old(known),
            };
        }
        match self.unknown.get(hash) {
            Some(said) if now < said.plus(UNKNOWN) => Recalled::Unknown,
            _ => Recalled::Nothing,
        }
    }

    /// What was said at `asked`; `None` is nobody's key.
    pub(super) fn remember(
        &self,
        hash: KeyHash,
        holder: Option<Holder>,
        asked: Timestamp,
    ) -> Option<Arc<Known>> {
        let Some(holder) = holder else {
            self.known.remove(&hash);
            self.unknown.insert(hash, asked);
            return None;
        };
        let known = Arc::new(Known { holder, asked });
        self.known.insert(hash, Arc::clone(&known));
        Some(known)
    }
}
