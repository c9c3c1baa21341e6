//! How much a client may ask for (L6-L8, R11): three kinds of limit behind one trait, [`Limiter`].
//!
//! - by address, and by address for a strict class of routes: [`gcra`], which lets a burst of the whole allowance pass
//!   and then gives one request back at a time;
//! - by user and day: [`fixed_window`]. GCRA is no daily quota: with 1,000 a day it lets 1,999 pass, the first 1,000
//!   in a burst and the rest as they come back.
//!
//! The limiters here live in one process: a restart forgets, and two gateways count each for itself.

mod bounded_map;
pub mod fields;
mod fixed_window;
mod gcra;
mod key;
mod steady_clock;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use metrics::{Counter, Gauge};
use service_kit::clock::Clock;
use service_kit::error::{ApiError, Code};
use service_kit::lifecycle::Lifecycle;

use crate::route_table::{ADDRESS, DAILY, LimitClass};
use fixed_window::FixedWindow;
use gcra::Gcra;
pub use key::Key;
use steady_clock::SteadyClock;

/// How often keys are forgotten that have no effect any more. Real time; what is stale is the clock's to say.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Counts requests of one class.
///
/// An implementation over a network answers within a bounded time. When its store is away it decides by itself what
/// its class is worth (by an in-process twin, or by refusing): a layer asks once and believes the answer.
pub trait Limiter: Send + Sync {
    /// Counts one request of this key, unless the limit is reached.
    fn count<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Decision>;

    /// Forgets keys that have no effect any more; the number of those that are left. A store that forgets by itself
    /// has nothing to do.
    fn sweep(&self) -> usize {
        0
    }
}

/// What a limiter says of one request.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The policy's name, its limit and its window.
    pub class: Arc<LimitClass>,
    pub allowed: bool,
    /// Requests that may follow at once.
    pub remaining: u32,
    /// Seconds, at least 1, until there is more than `remaining`.
    pub reset: u64,
}

impl Decision {
    /// The refusal in the course's words (L6-L8).
    pub fn refusal(&self) -> ApiError {
        let code = match &*self.class.name {
            ADDRESS => Code::TooManyRequests,
            DAILY => Code::DailyQuotaExceeded,
            _ => Code::EndpointLimitReached,
        };
        ApiError::new(code)
            .violating(&*self.class.name)
            .retry_after(self.reset)
    }
}

/// The limiters of all classes. Clones share their counts.
#[derive(Clone)]
pub struct Limits(Arc<[Metered]>);

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
        Self(metered.collect())
    }

    /// Counts one request of this key in this class.
    ///
    /// # Errors
    /// Internal, for a class of another table than the one that these limiters were made for: no limiter, no answer.
    pub async fn count(&self, class: &LimitClass, key: &Key) -> Result<Decision, ApiError> {
        // A handful of classes: faster to walk than to hash.
        let found = self.0.iter().find(|metered| *metered.class == *class);
        let metered = found
            .ok_or_else(|| ApiError::internal(format_args!("no limiter for {}", class.name)))?;
        let decision = metered.limiter.count(key).await;
        match decision.allowed {
            true => metered.allowed.increment(1),
            false => metered.refused.increment(1),
        }
        Ok(decision)
    }

    /// Counts one request of this key in the class that applies to all, whether they have a route or not.
    ///
    /// # Errors
    /// Internal, if the table has no such class: its reader refuses one without.
    pub async fn count_address(&self, key: &Key) -> Result<Decision, ApiError> {
        let mut classes = self.0.iter().map(|metered| &metered.class);
        let class = classes.find(|class| &*class.name == ADDRESS);
        let class = class.ok_or_else(|| ApiError::internal("no class `address`"))?;
        self.count(class, key).await
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
        for metered in self.0.iter() {
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

/// Whole seconds, rounded up: who waits that long does not come too early.
fn whole_seconds(span: Duration) -> u64 {
    span.as_nanos().div_ceil(1_000_000_000).max(1) as u64
}
