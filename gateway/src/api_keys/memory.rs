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

#[cfg(test)]
mod tests {
    use service_kit::api_key::ApiKey;

    use super::*;
    use crate::revocations::Mark;
    use crate::tokens::Verified;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn holder() -> Holder {
        let verified = Verified::new("key:1", &[], "tours:read", NOW.seconds() + 60);
        Holder {
            verified: Arc::new(verified.expect("plain words")),
            mark: Mark {
                token: "1".into(),
                family: None,
                subject: "alice".into(),
                issued: NOW.seconds(),
            },
        }
    }

    #[test]
    fn of_a_flood_of_made_up_keys_few_are_remembered_and_it_drives_out_no_good_one() {
        let (memory, good, first) = (Memory::default(), ApiKey::random(), ApiKey::random());
        memory.remember(good.hash(), Some(holder()), NOW);
        memory.remember(first.hash(), None, NOW);
        let of_first = memory.recall(&first.hash(), NOW);
        assert!(matches!(of_first, Recalled::Unknown));
        for _ in 0..10_000 {
            memory.remember(ApiKey::random().hash(), None, NOW);
        }
        let of_first = memory.recall(&first.hash(), NOW);
        assert!(matches!(of_first, Recalled::Nothing), "it was forgotten");
        let of_good = memory.recall(&good.hash(), NOW);
        assert!(matches!(of_good, Recalled::Fresh(_)));
    }
}
