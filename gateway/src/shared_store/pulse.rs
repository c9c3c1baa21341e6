//! Asks again and again whether Redis is there, in the place of the requests.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use redis::RedisError;
use redis::aio::MultiplexedConnection;
use service_kit::lifecycle::Lifecycle;

use super::connection::connect;
use super::{Question, SharedStore};
use crate::metrics::SHARED_STORE_UP;

const EVERY: Duration = Duration::from_millis(200);
/// For a whole new connection: name look-up, TCP, TLS, password and a first write.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);

/// A write, because a Redis that only reads cannot count: a replica, or one whose memory is full.
fn sign_of_life() -> redis::Cmd {
    let mut command = redis::cmd("SET");
    command.arg("escale:pulse").arg(1).arg("PX").arg(10_000);
    command
}

impl SharedStore {
    /// The first beat before it returns, the others in the background.
    pub(super) async fn keep_up(&self, life: &Lifecycle) {
        let mut told = self.beat(None).await;
        let store = self.clone();
        let stopping = life.clone();
        life.spawn(async move {
            let mut beats = tokio::time::interval(EVERY);
            beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stopping.stopped() => return,
                    _ = beats.tick() => told = store.beat(told).await,
                }
            }
        });
    }

    /// `told`: why Redis was not to be reached, as the log has it last. A cause is told once, not five times a second.
    async fn beat(&self, told: Option<String>) -> Option<String> {
        if self.0.link.load().is_some() {
            // Its failures are counted and told as any other question's.
            let _: Result<(), _> = self.query(Question::Pulse, &sign_of_life()).await;
            return None;
        }
        let tried = tokio::time::timeout(CONNECT_WITHIN, self.try_to_connect()).await;
        let cause = match tried {
            Ok(Ok(connection)) => {
                self.is_back(connection);
                return None;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer within a second".to_owned(),
        };
        if told.as_ref() != Some(&cause) {
            tracing::warn!(cause, "Redis cannot be reached");
        }
        Some(cause)
    }

    async fn try_to_connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut connection = connect(&self.0.config).await?;
        sign_of_life().query_async::<()>(&mut connection).await?;
        warn_if_unbounded(&mut connection).await;
        Ok(connection)
    }

    fn is_back(&self, connection: MultiplexedConnection) {
        self.0.links_made.fetch_add(1, Ordering::Relaxed);
        self.0.failures.store(0, Ordering::Relaxed);
        self.0.link.store(Some(Arc::new(connection)));
        metrics::gauge!(SHARED_STORE_UP).set(1.0);
        tracing::info!("Redis answers: limits and bans are shared");
    }
}

/// Who owns a large network has more addresses than any memory. All that we keep ends by itself, so a Redis that throws
/// away what ends first is the one that a flood harms least.
async fn warn_if_unbounded(connection: &mut MultiplexedConnection) {
    let mut info = redis::cmd("INFO");
    let told: Result<String, _> = info.arg("memory").query_async(connection).await;
    // Not every user of Redis may ask.
    let Ok(told) = told else {
        return;
    };
    let is = |setting: &str| told.lines().any(|line| line == setting);
    if is("maxmemory:0") || is("maxmemory_policy:noeviction") {
        tracing::warn!(
            "Redis has no maxmemory, or evicts nothing when it is full: under a flood of addresses it would take all of \
             its machine's memory, or be as good as away; set maxmemory, and maxmemory-policy volatile-ttl"
        );
    }
}
