//! So many requests in a window that begins with the first of them: the daily quota.
//!
//! The window is the key's own, and not the calendar's day: `t` can then say to the second when the quota is whole again,
//! nobody has to know in which time zone the day ends, and all quotas do not come back at one midnight.

use std::sync::Arc;
use std::time::Duration;

use super::bounded_map::BoundedMap;
use super::steady_clock::SteadyClock;
use super::{Decision, Key, Limiter, whole_seconds};
use crate::route_table::LimitClass;

pub(super) struct FixedWindow {
    class: Arc<LimitClass>,
    clock: SteadyClock,
    windows: BoundedMap<Window>,
}

#[derive(Clone, Copy)]
struct Window {
    /// Milliseconds of the clock.
    ends: u64,
    used: u32,
}

impl FixedWindow {
    pub(super) fn new(class: Arc<LimitClass>, clock: SteadyClock, most_keys: usize) -> Self {
        Self {
            class,
            clock,
            windows: BoundedMap::new(most_keys),
        }
    }

    fn decide(&self, key: &Key) -> Decision {
        let now = self.now();
        let length = millis(self.class.window);
        let limit = self.class.requests.get();
        self.windows.update(key, |old| {
            let window = old.filter(|window| window.ends > now).unwrap_or(Window {
                ends: now + length,
                used: 0,
            });
            let allowed = window.used < limit;
            let used = window.used + u32::from(allowed);
            let decision = Decision {
                class: Arc::clone(&self.class),
                allowed,
                remaining: limit - used,
                reset: whole_seconds(Duration::from_millis(window.ends - now)),
            };
            (decision, Some(Window { used, ..window }))
        })
    }

    fn now(&self) -> u64 {
        millis(self.clock.elapsed())
    }
}

impl Limiter for FixedWindow {
    fn count(&self, key: &Key) -> Decision {
        self.decide(key)
    }

    fn sweep(&self) -> usize {
        super::warn_if_full(&self.class, self.windows.full_shards());
        let now = self.now();
        self.windows.retain(|window| window.ends > now);
        self.windows.len()
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
