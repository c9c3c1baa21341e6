//! The service's clock, never going back.
//!
//! The wall clock may be set back, by an operator or by NTP. A limiter that followed it would keep every client waiting
//! for the whole step; this one goes on from where it was.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use service_kit::clock::{Clock, Timestamp};

/// Clones share the hands.
#[derive(Clone)]
pub(super) struct SteadyClock {
    clock: Clock,
    hands: Arc<Mutex<Hands>>,
}

/// Milliseconds.
#[derive(Default)]
struct Hands {
    last: i64,
    /// By how much the wall clock has been set back, all in all.
    behind: i64,
}

impl SteadyClock {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            hands: Arc::default(),
        }
    }

    /// Time since an arbitrary moment.
    pub(super) fn elapsed(&self) -> Duration {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        // Read within the lock: two threads that read in one order and compare in the other would see a step back.
        hands.follow(self.clock.now())
    }
}

impl Hands {
    fn follow(&mut self, now: Timestamp) -> Duration {
        self.behind += (self.last - now.0).max(0);
        self.last = now.0;
        Duration::from_millis(u64::try_from(now.0 + self.behind).unwrap_or_default())
    }
}

impl governor::clock::Clock for SteadyClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: val-clock
    #[test]
    fn a_wall_clock_that_is_set_back_neither_stops_nor_turns_the_limiters() {
        let mut hands = Hands::default();
        let mut at = |millis| hands.follow(Timestamp(millis)).as_millis();
        assert_eq!((at(5_000), at(5_010)), (5_000, 5_010));
        // An hour back, twice, and on from there.
        assert_eq!((at(1_000), at(1_007)), (5_010, 5_017));
        assert_eq!((at(0), at(20)), (5_017, 5_037));
        // Forward again by what was lost.
        assert_eq!(at(5_020), 10_037);
    }
}
