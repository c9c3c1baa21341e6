//! Scores in bounded memory, without a list of uses: a full young generation becomes the old one, and the old one is
//! dropped; what is still used is carried over when it is found.

use std::collections::HashMap;

use service_kit::clock::Timestamp;

use crate::jail::Inmate;
use crate::jail::score::Score;

pub(super) struct Generations {
    /// Of one generation.
    capacity: usize,
    young: HashMap<Inmate, Score>,
    old: HashMap<Inmate, Score>,
}

impl Generations {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// The score, a new one where none is known.
    pub(super) fn of(&mut self, who: &Inmate, now: Timestamp) -> &mut Score {
        if !self.young.contains_key(who) && self.young.len() >= self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
        let old = &mut self.old;
        self.young
            .entry(who.clone())
            .or_insert_with(|| old.remove(who).unwrap_or_else(|| Score::new(now)))
    }

    pub(super) fn remove(&mut self, who: &Inmate) -> bool {
        let (young, old) = (self.young.remove(who), self.old.remove(who));
        young.is_some() || old.is_some()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}
