//! Where points and bans are kept: behind a small trait, so that several gateways can share them; here in this process.

mod generations;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use service_kit::clock::Timestamp;

use super::{Inmate, Offence, Rules};
use generations::Generations;

/// A time out, the latest of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    pub until: Timestamp,
    /// How many there have been in a row, this one included.
    pub count: u32,
    /// What reached the threshold.
    pub offence: Offence,
}

impl Ban {
    pub fn is_on(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// Rounded up: who comes back after so many seconds is let in.
    pub fn seconds_left(&self, now: Timestamp) -> u64 {
        let left = self.until.0.saturating_sub(now.0);
        u64::try_from(left).unwrap_or(0).div_ceil(1_000)
    }
}

/// One line of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub who: Inmate,
    pub ban: Ban,
}

/// Each call is one step that no other can come between. An implementation that cannot reach its store answers from
/// what it knows by itself: a ban that is known stays, and nobody is let out.
pub trait Register: Send + Sync {
    /// The ban that is on at `now`.
    fn ban_of(&self, who: &Inmate, now: Timestamp) -> BoxFuture<'_, Option<Ban>>;

    /// Adds points. The ban that begins with them, if one does; none while one is on.
    fn charge(
        &self,
        who: &Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> BoxFuture<'_, Option<Ban>>;

    /// Notes that `thing` was looked at; `true` when it is one more than a window allows.
    fn is_walk(&self, who: &Inmate, thing: &str, now: Timestamp) -> BoxFuture<'_, bool>;

    /// All that are banned or remembered; the one with the longest ban first.
    fn list(&self, now: Timestamp) -> BoxFuture<'_, Vec<Entry>>;

    /// Forgets points and bans; `false` when there were none.
    fn free(&self, who: &Inmate) -> BoxFuture<'_, bool>;
}

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
        state.make_room_for(who, &self.rules, now);
        state.bans.insert(who.clone(), ban);
        Some(ban)
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

    fn charge(
        &self,
        who: &Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> BoxFuture<'_, Option<Ban>> {
        ready(self.charge_now(who, offence, points, now)).boxed()
    }

    fn is_walk(&self, who: &Inmate, thing: &str, now: Timestamp) -> BoxFuture<'_, bool> {
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

    fn free(&self, who: &Inmate) -> BoxFuture<'_, bool> {
        let mut state = self.lock();
        let scored = state.scores.remove(who);
        ready(state.bans.remove(who).is_some() || scored).boxed()
    }
}

#[cfg(test)]
mod tests;
