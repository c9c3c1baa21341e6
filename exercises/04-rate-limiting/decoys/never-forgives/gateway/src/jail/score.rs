//! The points of one inmate, and what it looked at: a bucket that leaks, and a window.

use std::time::Duration;

use service_kit::clock::Timestamp;

use super::Side;

#[derive(Debug, Clone)]
pub(super) struct Score {
    level: u64,
    /// Fingerprints of the things seen in this window, sorted; never more than the side allows.
    things: Vec<u32>,
    window_began: Timestamp,
}

impl Score {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            level: 0,
            things: Vec::new(),
            window_began: now,
        }
    }

    /// Adds points to those that have not drained yet; `true` when they reach the threshold.
    pub(super) fn add(&mut self, points: u64, side: &Side, _now: Timestamp) -> bool {
        self.level = self.level.saturating_add(points);
        self.level >= side.threshold
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
