//! The register of one process.

mod generations;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use service_kit::clock::Timestamp;

use super::{Ban, Entry, Inmate, Offence, Register, Rules};
use crate::shared_store::NoAnswer;
use generations::Generations;

/// Kept in this process, lost with it.
///
/// Its memory is bounded whatever the number of addresses. Scores stand in two generations of half the capacity each:
/// where more inmates than that have made mistakes since, the oldest scores are forgotten. Bans have a place of their
/// own, so that a flood of new addresses cannot free anybody; where there are more than the capacity, the eighth of them
/// that ends first makes room.
pub struct MemoryRegister {
    rules: Rules,
    /// Keyed at random: nobody can choose two things that look like one.
    fingerprints: RandomState,
    state: Mutex<State>,
}

struct State {
    scores: Generations,
    bans: HashMap<Inmate, Ban>,
}

impl MemoryRegister {
    pub fn new(rules: Rules) -> Self {
        let state = State {
            scores: Generations::new(rules.capacity / 2),
            bans: HashMap::new(),
        };
        Self {
            rules,
            fingerprints: RandomState::new(),
            state: Mutex::new(state),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn charge_now(
        &self,
        who: &Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> Option<Ban> {
        let mut state = self.lock();
        let last = state.bans.get(who).copied();
        if last.is_some_and(|ban| ban.is_on(now)) {
            return None;
        }
        let score = state.scores.of(who, now);
        if !score.add(points, self.rules.side(who), now) {
            return None;
        }
        state.scores.remove(who);
        let earlier = last
            .filter(|ban| now < ban.until.plus(self.rules.memory))
            .map_or(0, |ban| ban.count);
        let ban = Ban {
            until: now.plus(self.rules.ban(earlier)),
            count: earlier.saturating_add(1),
            offence,
        };
        state.insert(who, ban, &self.rules, now);
        Some(ban)
    }

    /// Takes over a ban that has begun elsewhere, unless it is older than the one that is known.
    pub(super) fn note(&self, who: &Inmate, ban: Ban, now: Timestamp) {
        let mut state = self.lock();
        let known = state.bans.get(who);
        if known.is_some_and(|known| known.until > ban.until) {
            return;
        }
        state.scores.remove(who);
        state.insert(who, ban, &self.rules, now);
    }

    /// `false` when nothing was known.
    pub(super) fn forget(&self, who: &Inmate) -> bool {
        let mut state = self.lock();
        let scored = state.scores.remove(who);
        state.bans.remove(who).is_some() || scored
    }

    fn list_now(&self, now: Timestamp) -> Vec<Entry> {
        let mut state = self.lock();
        state.forget(&self.rules, now);
        let mut entries: Vec<_> = state
            .bans
            .iter()
            .map(|(who, ban)| Entry {
                who: who.clone(),
                ban: *ban,
            })
            .collect();
        drop(state);
        entries.sort_by_key(|entry| Reverse(entry.ban.until));
        entries
    }
}

impl State {
    fn insert(&mut self, who: &Inmate, ban: Ban, rules: &Rules, now: Timestamp) {
        self.make_room_for(who, rules, now);
        self.bans.insert(who.clone(), ban);
    }

    fn make_room_for(&mut self, who: &Inmate, rules: &Rules, now: Timestamp) {
        if self.bans.len() < rules.capacity || self.bans.contains_key(who) {
            return;
        }
        self.forget(rules, now);
        if self.bans.len() < rules.capacity {
            return;
        }
        // Several at once, so that a flood does not look through all bans for each new one.
        let mut room = rules.capacity / 8;
        let mut ends: Vec<_> = self.bans.values().map(|ban| ban.until).collect();
        let (_, last, _) = ends.select_nth_unstable(room);
        let last = *last;
        self.bans.retain(|_, ban| {
            let goes = room > 0 && ban.until <= last;
            room -= usize::from(goes);
            !goes
        });
    }

    fn forget(&mut self, rules: &Rules, now: Timestamp) {
        self.bans
            .retain(|_, ban| now < ban.until.plus(rules.memory));
    }
}

impl Register for MemoryRegister {
    fn ban_of(&self, who: &Inmate, now: Timestamp) -> BoxFuture<'_, Option<Ban>> {
        let ban = self.lock().bans.get(who).copied();
        ready(ban.filter(|ban| ban.is_on(now))).boxed()
    }

    fn charge<'a>(
        &'a self,
        who: &'a Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Ban>> {
        ready(self.charge_now(who, offence, points, now)).boxed()
    }

    fn is_walk<'a>(
        &'a self,
        who: &'a Inmate,
        thing: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, bool> {
        let [a, b, c, d, ..] = self.fingerprints.hash_one(thing).to_ne_bytes();
        let fingerprint = u32::from_ne_bytes([a, b, c, d]);
        let side = self.rules.side(who);
        let mut state = self.lock();
        let score = state.scores.of(who, now);
        ready(score.is_walk(fingerprint, side, self.rules.walk_window, now)).boxed()
    }

    fn list(&self, now: Timestamp) -> BoxFuture<'_, Vec<Entry>> {
        ready(self.list_now(now)).boxed()
    }

    fn free<'a>(&'a self, who: &'a Inmate) -> BoxFuture<'a, Result<bool, NoAnswer>> {
        ready(Ok(self.forget(who))).boxed()
    }
}

#[cfg(test)]
mod tests;
