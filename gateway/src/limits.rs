//! How much a client may ask for (L6-L8, R11).
//!
//! - by address, and by address for a strict class of routes: [`gcra`], which lets a burst of the whole allowance pass
//!   and then gives one request back at a time;
//! - by user and day: [`fixed_window`]. GCRA is no daily quota: with 1,000 a day it lets 1,999 pass, the first 1,000
//!   in a burst and the rest as they come back.
//!
//! Where they are counted: in this process behind one trait, [`Limiter`], where a restart forgets and two gateways count
//! each for itself; or, with `REDIS_URL`, for all gateways together in [`shared`]. Redis away, a route is closed, or its
//! requests are counted in this process until Redis is back, as its `redis_away` says: so many gateways, so many times
//! the allowance, for that time.

mod bounded_map;
mod decision;
pub mod fields;
mod fixed_window;
mod gcra;
mod key;
mod shared;
mod steady_clock;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Gauge};
use service_kit::clock::Clock;
use service_kit::error::{ApiError, Code};
use service_kit::lifecycle::Lifecycle;

use crate::route_table::{ADDRESS, DAILY, LimitClass, RedisAway, RouteLimit};
use crate::shared_store::{NoAnswer, SharedStore};
pub use decision::Decision;
use fixed_window::FixedWindow;
use gcra::Gcra;
pub use key::Key;
use shared::SharedLimits;
use steady_clock::SteadyClock;

/// How often keys are forgotten that have no effect any more. Real time; what is stale is the clock's to say.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Redis is looked for five times a second.
const RETRY_AFTER: u64 = 1;

/// Counts requests of one class in this process.
trait Limiter: Send + Sync {
    /// Counts one request of this key, unless the limit is reached.
    fn count(&self, key: &Key) -> Decision;

    /// Forgets keys that have no effect any more; the number of those that are left.
    fn sweep(&self) -> usize;
}

/// The limiters of all classes. Clones share their counts.
#[derive(Clone)]
pub struct Limits(Arc<Counters>);

struct Counters {
    classes: Box<[Metered]>,
    shared: Option<SharedLimits>,
}

struct Metered {
    class: Arc<LimitClass>,
    limiter: Box<dyn Limiter>,
    allowed: Counter,
    refused: Counter,
    keys: Gauge,
}

impl Limits {
    /// Limiters in this process, none of which holds more than `most_keys` keys.
    pub fn in_process(classes: &[Arc<LimitClass>], clock: &Clock, most_keys: usize) -> Self {
        Self::new(classes, clock, most_keys, None)
    }

    /// Limiters that all gateways share, and their twins in this process for the time without `store`.
    pub fn shared(
        classes: &[Arc<LimitClass>],
        clock: &Clock,
        most_keys: usize,
        store: SharedStore,
    ) -> Self {
        let shared = SharedLimits::new(store, clock.clone());
        Self::new(classes, clock, most_keys, Some(shared))
    }

    fn new(
        classes: &[Arc<LimitClass>],
        clock: &Clock,
        most_keys: usize,
        shared: Option<SharedLimits>,
    ) -> Self {
        let clock = SteadyClock::new(clock.clone());
        let limiter = |class: &Arc<LimitClass>| -> Box<dyn Limiter> {
            let (class, clock) = (Arc::clone(class), clock.clone());
            match &*class.name {
                DAILY => Box::new(FixedWindow::new(class, clock, most_keys)),
                _ => Box::new(Gcra::new(class, clock, most_keys)),
            }
        };
        let metered = classes
            .iter()
            .map(|class| Metered::new(class, limiter(class)));
        let classes = metered.collect();
        Self(Arc::new(Counters { classes, shared }))
    }

    /// Counts one request of this key in this class.
    ///
    /// # Errors
    /// As [`Limits::count_each`].
    pub async fn count(&self, limit: &RouteLimit, key: &Key) -> Result<Decision, ApiError> {
        let decisions = self.count_each(std::slice::from_ref(limit), key).await?;
        let decision = decisions.into_iter().next();
        decision.ok_or_else(|| ApiError::internal("a class was counted without a decision"))
    }

    /// Counts one request of this key in each of these classes, up to the first that refuses: what does not pass one
    /// limit takes nothing from the next.
    ///
    /// # Errors
    /// Service unavailable, for a route that is closed while Redis is away. Internal, for a class of another table than
    /// the one that these limiters were made for: no limiter, no answer.
    pub async fn count_each(
        &self,
        limits: &[RouteLimit],
        key: &Key,
    ) -> Result<Vec<Decision>, ApiError> {
        let answer = match &self.0.shared {
            Some(shared) => shared.count(limits, key).await,
            None => Err(NoAnswer),
        };
        let decisions = match answer {
            Ok(decisions) => decisions,
            Err(away) if self.0.shared.is_some() && is_closed(limits) => {
                return Err(ApiError::new(Code::ServiceUnavailable)
                    .because(away)
                    .retry_after(RETRY_AFTER));
            }
            Err(NoAnswer) => self.count_here(limits, key)?,
        };
        for decision in &decisions {
            let metered = self.of(&decision.class)?;
            match decision.allowed {
                true => metered.allowed.increment(1),
                false => metered.refused.increment(1),
            }
        }
        Ok(decisions)
    }

    /// Counts one request of this key in the class that applies to all, whether they have a route or not.
    ///
    /// # Errors
    /// Internal, if the table has no such class: its reader refuses one without.
    pub async fn count_address(&self, key: &Key) -> Result<Decision, ApiError> {
        let mut classes = self.0.classes.iter().map(|metered| &metered.class);
        let class = classes.find(|class| &*class.name == ADDRESS);
        let class = class.ok_or_else(|| ApiError::internal("no class `address`"))?;
        // Nothing is behind it that could be guessed or worn down: its answer is a 404.
        let limit = RouteLimit {
            class: Arc::clone(class),
            redis_away: RedisAway::Open,
        };
        self.count(&limit, key).await
    }

    fn count_here(&self, limits: &[RouteLimit], key: &Key) -> Result<Vec<Decision>, ApiError> {
        let mut decisions = Vec::with_capacity(limits.len() + 1);
        for RouteLimit { class, .. } in limits {
            let decision = self.of(class)?.limiter.count(key);
            let allowed = decision.allowed;
            decisions.push(decision);
            if !allowed {
                break;
            }
        }
        Ok(decisions)
    }

    fn of(&self, class: &LimitClass) -> Result<&Metered, ApiError> {
        // A handful of classes: faster to walk than to hash.
        let found = self.0.classes.iter().find(|known| *known.class == *class);
        found.ok_or_else(|| ApiError::internal(format_args!("no limiter for {}", class.name)))
    }

    /// Keeps the limiters small until the gateway stops.
    pub fn keep_small(&self, life: &Lifecycle) {
        let limits = self.clone();
        life.every(SWEEP_EVERY, move || {
            let limits = limits.clone();
            // A million keys take some milliseconds: not on a thread that serves requests.
            let swept = tokio::task::spawn_blocking(move || limits.sweep());
            async move {
                if let Err(error) = swept.await {
                    tracing::error!(%error, "the limiters could not be swept");
                }
            }
        });
    }

    /// Forgets what has no effect any more.
    pub fn sweep(&self) {
        for metered in &self.0.classes {
            // A gauge is a float; a number of keys is exact in it.
            metered.keys.set(metered.limiter.sweep() as f64);
        }
    }
}

impl Metered {
    /// Labels are the table's own names, so they are few whatever clients send.
    fn new(class: &Arc<LimitClass>, limiter: Box<dyn Limiter>) -> Self {
        let name = class.name.to_string();
        let decisions = |outcome: &'static str| metrics::counter!("limiter_decisions_total", "class" => name.clone(), "outcome" => outcome);
        Self {
            allowed: decisions("allowed"),
            refused: decisions("refused"),
            keys: metrics::gauge!("limiter_keys", "class" => name.clone()),
            class: Arc::clone(class),
            limiter,
        }
    }
}

fn warn_if_full(class: &LimitClass, full_shards: usize) {
    if full_shards > 0 {
        let class = &*class.name;
        tracing::warn!(
            class,
            full_shards,
            "a limiter is full: new keys share an allowance"
        );
    }
}

fn is_closed(limits: &[RouteLimit]) -> bool {
    limits
        .iter()
        .any(|limit| limit.redis_away == RedisAway::Closed)
}

/// Whole seconds, rounded up: who waits that long does not come too early.
fn whole_seconds(span: Duration) -> u64 {
    span.as_nanos().div_ceil(1_000_000_000).max(1) as u64
}
