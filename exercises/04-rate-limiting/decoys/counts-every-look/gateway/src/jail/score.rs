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
    /// Fingerprints of the things seen in this window, in their order; never more than the side allows.
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
        if self.things.len() >= side.things {
            return true;
        }
        self.things.push(thing);
        false
    }
}

fn elapsed(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0)
}
