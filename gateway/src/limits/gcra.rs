//! So many requests at once, and then one more each time that a part of the window has passed: the generic cell rate
//! algorithm. 100 a minute is a burst of 100, and a request every 0.6 seconds from then on.
//!
//! The arithmetic is the `governor` crate's. Its layer for tower, `tower_governor`, is not used: it takes the client's
//! address from `X-Forwarded-For` or from the connection but knows no trusted proxies, writes the old `X-RateLimit-*`
//! fields, and reads a clock that no test can move. Of governor itself, map and clock are ours: its maps grow without
//! bound, and its clocks are the system's.

use std::sync::Arc;
use std::time::Duration;

use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::bounded_map::BoundedMap;
use super::steady_clock::SteadyClock;
use super::{Decision, Key, Limiter, whole_seconds};
use crate::route_table::LimitClass;

pub(super) struct Gcra {
    class: Arc<LimitClass>,
    /// Until one request is given back.
    pace: Duration,
    governor: RateLimiter<Key, Arrivals, SteadyClock, StateInformationMiddleware>,
}

impl Gcra {
    pub(super) fn new(class: Arc<LimitClass>, clock: SteadyClock, most_keys: usize) -> Self {
        let pace = class.window / class.requests.get();
        let quota = Quota::with_period(pace)
            .expect("a second shared by a million requests is not zero")
            .allow_burst(class.requests);
        let arrivals = Arrivals {
            states: BoundedMap::new(most_keys),
            class: Arc::clone(&class),
        };
        let governor = RateLimiter::new(quota, arrivals, clock);
        Self {
            class,
            pace,
            governor,
        }
    }

    fn decide(&self, key: &Key) -> Decision {
        let (allowed, remaining, wait) = match self.governor.check_key(key) {
            Ok(state) => (true, state.remaining_burst_capacity(), self.pace),
            Err(refused) => {
                let now = self.governor.clock().elapsed();
                (false, 0, refused.wait_time_from(now))
            }
        };
        Decision {
            class: Arc::clone(&self.class),
            allowed,
            remaining,
            reset: whole_seconds(wait),
        }
    }
}

impl Limiter for Gcra {
    fn count(&self, key: &Key) -> Decision {
        self.decide(key)
    }

    fn sweep(&self) -> usize {
        self.governor.retain_recent();
        self.governor.len()
    }
}

/// The theoretical arrival time of each key, in nanoseconds since the limiter was made.
struct Arrivals {
    states: BoundedMap<u64>,
    class: Arc<LimitClass>,
}

impl StateStore for Arrivals {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.states
            .update(key, |old| match measure(old.map(Nanos::from)) {
                Ok((answer, new)) => (Ok(answer), Some(new.as_u64())),
                Err(refused) => (Err(refused), None),
            })
    }
}

impl ShrinkableKeyedStateStore<Key> for Arrivals {
    fn retain_recent(&self, drop_below: Nanos) {
        super::warn_if_full(&self.class, self.states.full_shards());
        self.states.retain(|arrival| *arrival > drop_below.as_u64());
    }

    fn len(&self) -> usize {
        self.states.len()
    }

    fn is_empty(&self) -> bool {
        self.states.len() == 0
    }
}
