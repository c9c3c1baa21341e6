//! What gateways share: Redis, where `REDIS_URL` names one. Limits ([`crate::limits`]) and the jail ([`crate::jail`]) are
//! kept there; tokens that were taken back are not ([`crate::revocations`]).
//!
//! - A question is one atomic script, and has a deadline (`REDIS_TIMEOUT_MS`). Whoever asks gets [`NoAnswer`] then, and
//!   does without: what that means is the route's to say (`redis_away` in `routes.toml`).
//! - After three failures in a row, a broken connection or a refused write, Redis is away: nobody asks it any more, and nobody waits.
//!   A pulse of its own goes on trying, five times a second, so that no request has to be the one that finds out.
//! - It mends itself: a new connection and a first write that succeeds, and Redis is back, also empty. A replica that
//!   cannot write, or a Redis whose memory is full, is as good as away.
//! - Told by one line of the log for each change, and by the metrics `shared_store_*`.

mod config;
mod connection;
mod names;
mod pulse;
mod question;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, RedisError, ScriptInvocation};
use service_kit::lifecycle::Lifecycle;

pub use config::SharedStoreConfig;
pub use names::Names;
pub use question::Question;

use crate::metrics::{
    SHARED_STORE_FAILURES, SHARED_STORE_SECONDS, SHARED_STORE_UP, describe_shared_store,
};

/// So many questions in a row without an answer, and Redis is away. One alone may be a hiccup of this machine.
const FAILURES: u32 = 3;

/// Clones share one connection.
#[derive(Clone)]
pub struct SharedStore(Arc<Shared>);

struct Shared {
    config: SharedStoreConfig,
    names: Names,
    /// `None` while Redis is away.
    link: ArcSwapOption<MultiplexedConnection>,
    /// In a row.
    failures: AtomicU32,
    links_made: AtomicU64,
}

/// Redis did not answer: it is away, slow, or refuses. It has been logged and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the shared store is away")]
pub struct NoAnswer;

impl SharedStore {
    /// Tries once to reach Redis, and goes on trying in the background. A gateway starts without it: what is open then
    /// shall not wait.
    pub async fn connect(config: SharedStoreConfig, life: &Lifecycle) -> Self {
        if config.is_readable_on_the_way() {
            tracing::warn!(
                "REDIS_URL is redis:// and not on this machine: the password crosses the network in the clear, which only a \
                 network that nobody else is on forgives; rediss:// encrypts"
            );
        }
        let store = Self(Arc::new(Shared {
            names: Names::new(config.password.as_ref()),
            config,
            link: ArcSwapOption::empty(),
            failures: AtomicU32::new(0),
            links_made: AtomicU64::new(0),
        }));
        describe_shared_store();
        metrics::gauge!(SHARED_STORE_UP).set(0.0);
        store.keep_up(life).await;
        store
    }

    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// Rises with each connection. What was read over an older one may be of a Redis that has since lost everything.
    pub fn links_made(&self) -> u64 {
        self.0.links_made.load(Ordering::Relaxed)
    }

    /// # Errors
    /// [`NoAnswer`], at the latest after the deadline, and at once while Redis is away.
    pub async fn run<T: FromRedisValue>(
        &self,
        question: Question,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, NoAnswer> {
        let asked = async |mut connection| script.invoke_async(&mut connection).await;
        self.ask(question, asked).await
    }

    /// As [`SharedStore::run`], for a command that needs no script.
    ///
    /// # Errors
    /// As there.
    pub async fn query<T: FromRedisValue>(
        &self,
        question: Question,
        command: &Cmd,
    ) -> Result<T, NoAnswer> {
        let asked = async |mut connection| command.query_async(&mut connection).await;
        self.ask(question, asked).await
    }

    async fn ask<T>(
        &self,
        question: Question,
        asked: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, NoAnswer> {
        let Some(link) = self.0.link.load_full() else {
            count_failure(question, "away");
            return Err(NoAnswer);
        };
        let begun = std::time::Instant::now();
        let answer = asked(link.as_ref().clone());
        let answer = tokio::time::timeout(self.0.config.deadline, answer).await;
        let seconds = metrics::histogram!(SHARED_STORE_SECONDS, "question" => question.as_str());
        seconds.record(begun.elapsed().as_secs_f64());
        match answer {
            Ok(Ok(answer)) => {
                self.0.failures.store(0, Ordering::Relaxed);
                Ok(answer)
            }
            Ok(Err(error)) => {
                let is_broken = error.is_io_error() || error.is_connection_dropped();
                count_failure(question, if is_broken { "broken" } else { "refused" });
                // The pulse is a write: refused that, Redis will refuse to count, though it may still answer the rest.
                let is_certain = is_broken || question == Question::Pulse;
                self.failed(&link, is_certain, &error);
                Err(NoAnswer)
            }
            Err(_) => {
                count_failure(question, "too_slow");
                self.failed(&link, false, &"no answer before the deadline");
                Err(NoAnswer)
            }
        }
    }

    /// Tells of each link that is given up once, whoever notices first.
    fn failed(
        &self,
        link: &Arc<MultiplexedConnection>,
        is_certain: bool,
        cause: &dyn std::fmt::Display,
    ) {
        let failures = self.0.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if failures < FAILURES && !is_certain {
            return;
        }
        // Another link in its place is newer than the failure, and innocent of it.
        let before = self.0.link.compare_and_swap(link, None);
        if before
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, link))
        {
            metrics::gauge!(SHARED_STORE_UP).set(0.0);
            tracing::warn!(
                %cause,
                "Redis is away: routes that are closed without it answer 503, at the others this gateway counts by itself"
            );
        }
    }
}

fn count_failure(question: Question, kind: &'static str) {
    let labels = [("question", question.as_str()), ("kind", kind)];
    metrics::counter!(SHARED_STORE_FAILURES, &labels).increment(1);
}

#[cfg(test)]
mod tests;
