//! The limits of all gateways together, in Redis: one script, one round trip, whatever the number of classes.
//!
//! The arithmetic is that of [`super::gcra`] and [`super::fixed_window`]; the same tests hold for both forms. What is
//! kept ends by itself (`count.lua`), so Redis holds who came within a window, and nobody else. Under a flood of
//! addresses its `maxmemory` is the bound, and with `maxmemory-policy volatile-ttl` what would end first goes first.

use std::sync::Arc;
use std::time::Duration;

use redis::Script;
use service_kit::clock::Clock;

use super::{Decision, Key, whole_seconds};
use crate::route_table::{DAILY, LimitClass, RouteLimit};
use crate::shared_store::{NoAnswer, Question, SharedStore};

pub(super) struct SharedLimits {
    store: SharedStore,
    clock: Clock,
    count: Script,
}

impl SharedLimits {
    pub(super) fn new(store: SharedStore, clock: Clock) -> Self {
        Self {
            store,
            clock,
            count: Script::new(include_str!("shared/count.lua")),
        }
    }

    /// The decisions up to the first refusal.
    pub(super) async fn count(
        &self,
        limits: &[RouteLimit],
        key: &Key,
    ) -> Result<Vec<Decision>, NoAnswer> {
        let mut call = self.count.prepare_invoke();
        let whom = key.bytes();
        call.arg(self.time());
        for RouteLimit { class, .. } in limits {
            let what = format!("limit:{}", class.name);
            call.key(self.store.names().key(&what, &whom));
            call.arg(kind(class)).arg(class.requests.get());
            call.arg(micros(class.window));
        }
        let answer: Vec<u64> = self.store.run(Question::Limits, &call).await?;
        // Whatever else it is, it is no answer to this question.
        let triples = answer.chunks_exact(3);
        if answer.is_empty() || !triples.remainder().is_empty() {
            return Err(NoAnswer);
        }
        let decision = |(limit, triple): (&RouteLimit, &[u64])| Decision {
            class: Arc::clone(&limit.class),
            allowed: triple[0] == 1,
            remaining: u32::try_from(triple[1]).unwrap_or(u32::MAX),
            reset: whole_seconds(Duration::from_micros(triple[2])),
        };
        Ok(limits.iter().zip(triples).map(decision).collect())
    }

    /// Redis' own clock, unless a test moves ours.
    fn time(&self) -> String {
        let moved = self.clock.by_hand();
        moved.map_or_else(String::new, |now| (now.0 * 1_000).to_string())
    }
}

/// As in [`super::Limits`]: the quota is a window, everything else is spread out.
fn kind(class: &LimitClass) -> &'static str {
    match &*class.name {
        DAILY => "fixed_window",
        _ => "gcra",
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
