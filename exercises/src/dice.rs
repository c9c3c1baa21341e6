//! Chance that can be repeated: each student has a seed, and what a criterion draws depends on the seed and on itself.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().as_u64_pair().0)
    }

    /// The same text gives the same seed on every machine.
    pub fn of(text: &str) -> Self {
        // FNV-1a: the standard library's hasher may differ from one release to the next.
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

/// SplitMix64. Nothing secret is drawn from it.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<u64>>);

impl Dice {
    pub fn new(seed: Seed, criterion: &str) -> Self {
        Self(Arc::new(Mutex::new(seed.0 ^ Seed::of(criterion).0)))
    }

    pub fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of the range; the range must not be empty.
    pub fn within(&self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    pub fn one_of<'a, T>(&self, things: &'a [T]) -> &'a T {
        let length = u64::try_from(things.len()).unwrap_or(u64::MAX);
        &things[usize::try_from(self.within(0..length)).unwrap_or_default()]
    }

    /// A word that no code can know beforehand.
    pub fn word(&self) -> String {
        format!("{:016x}", self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_for_one_criterion_and_something_else_for_another() {
        let draw = |seed: &str, criterion| Dice::new(Seed::of(seed), criterion).word();
        assert_eq!(draw("zoé", "a"), draw("zoé", "a"));
        assert_ne!(draw("zoé", "a"), draw("zoé", "b"));
        assert_ne!(draw("zoé", "a"), draw("léo", "a"));
    }

    #[test]
    fn what_is_drawn_lies_within() {
        let dice = Dice::new(Seed::random(), "a");
        for _ in 0..1_000 {
            assert!((3..7).contains(&dice.within(3..7)));
            assert!([1, 2].contains(dice.one_of(&[1, 2])));
        }
    }
}
