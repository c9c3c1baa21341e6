//! The points of one inmate, and what it looked at: a bucket that leaks, and a window.

use std::time::Duration;

use service_kit::clock::Timestamp;

use super::Side;

/// One point in the unit of the account: a point that drains in a minute must drain evenly, millisecond by millisecond.
const UNIT: u64 = 60_000;

#[derive(Debug, Clone)]
pub(super) struct Score {
    level: u64,
    counted_at: Timestamp,
    /// Fingerprints of the things seen in this window, sorted; never more than the side allows.
    things: Vec<u32>,
    window_began: Timestamp,
}

impl Score {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            level: 0,
            counted_at: now,
            things: Vec::new(),
            window_began: now,
        }
    }

    /// Adds points to those that have not drained yet; `true` when they reach the threshold.
    pub(super) fn add(&mut self, points: u64, side: &Side, now: Timestamp) -> bool {
        let drained = elapsed(self.counted_at, now).saturating_mul(side.decay_per_minute);
        self.level = self.level.saturating_sub(drained);
        self.level = self.level.saturating_add(points.saturating_mul(UNIT));
        // A clock that was set back must not make the same minutes drain twice.
        self.counted_at = self.counted_at.max(now);
        self.level >= side.threshold.saturating_mul(UNIT)
    }

    /// Notes a thing; `true` when it is one too many. Things are no longer noted then, so a second look at one of the
    /// later ones counts too: who looks at so many is past that distinction.
    pub(super) fn is_walk(
        &mut self,
        thing: u32,
        side: &Side,
        window: Duration,
        now: Timestamp,
    ) -> bool {
        if now >= self.window_began.plus(window) {
            self.things.clear();
            self.window_began = now;
        }
        match self.things.binary_search(&thing) {
            Ok(_) => false,
            Err(_) if self.things.len() >= side.things => true,
            Err(place) => {
                self.things.insert(place, thing);
                false
            }
        }
    }
}

fn elapsed(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: Side = Side {
        threshold: 100,
        decay_per_minute: 60,
        things: 3,
    };

    fn second(second: i64) -> Timestamp {
        Timestamp(second * 1_000)
    }

    #[test]
    fn points_add_up_to_the_threshold_and_drain_with_time() {
        let mut score = Score::new(second(0));
        assert!(!score.add(99, &SIDE, second(0)));
        assert!(score.clone().add(1, &SIDE, second(0)));
        assert!(!score.clone().add(1, &SIDE, second(1)));
        assert!(!score.clone().add(49, &SIDE, second(49)));
        assert!(score.clone().add(50, &SIDE, second(49)));
        assert!(!score.add(99, &SIDE, second(3_600)), "no credit either");
        assert!(score.add(1, &SIDE, second(3_600)));
    }

    #[test]
    fn a_clock_that_is_set_back_drains_nothing_twice() {
        let mut score = Score::new(second(100));
        assert!(!score.add(90, &SIDE, second(100)));
        assert!(!score.add(0, &SIDE, second(0)));
        assert!(score.add(10, &SIDE, second(100)));
    }

    #[test]
    fn only_different_things_in_one_window_are_a_walk() {
        let window = Duration::from_secs(60);
        let mut score = Score::new(second(0));
        let mut look = |thing, at| score.is_walk(thing, &SIDE, window, second(at));
        assert!([1, 2, 3, 1, 2, 3].iter().all(|thing| !look(*thing, 1)));
        assert!(look(4, 2) && look(5, 2) && look(4, 3));
        assert!(!look(2, 3), "what was seen early stays free");
        assert!(!look(4, 60), "a new window");
    }
}
