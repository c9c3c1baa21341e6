//! The register of all gateways together, in Redis; the rules are those of [`super::memory`].
//!
//! Points and things are kept there, and each charge is one atomic script. Bans are there too, for the next one to be
//! longer, and go to all gateways as events of one stream ([`events`]), five times a second. So the question that each
//! request asks, is he banned, is answered from this process's memory: it costs no round trip, and a ban that is known
//! stays when Redis is away. Points are then given in memory too, and a ban that begins then is this gateway's alone.
//!
//! Everything ends by itself: a score when its points have drained, things with their window, a ban when nobody
//! remembers it any more. What the stream tells of somebody is his address or id in the clear, because an operator must
//! be able to list and free from any gateway; it holds no more than `capacity` times [`EVENTS_A_PLACE`] entries.

mod events;

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use redis::{Script, ScriptInvocation};
use service_kit::clock::Timestamp;
use service_kit::lifecycle::Lifecycle;

use super::memory::MemoryRegister;
use super::{Ban, Entry, Inmate, Offence, Register, Rules};
use crate::shared_store::{NoAnswer, Question, SharedStore};
use events::{EventId, Position};

/// The stream's key. One for all: a gateway reads it from the beginning when it starts.
const EVENTS: &str = "escale:jail:events";
/// A ban, a longer one, and a word of the operator between them.
const EVENTS_A_PLACE: usize = 3;

/// Clones are one register.
#[derive(Clone)]
pub struct SharedRegister(Arc<Shared>);

struct Shared {
    store: SharedStore,
    rules: Rules,
    /// What is known of bans; and all that there is while Redis is away.
    memory: MemoryRegister,
    position: Position,
    charge: Script,
    walk: Script,
    free: Script,
}

impl SharedRegister {
    /// Knows all bans when it is returned, if Redis answers, and follows new ones until the gateway stops.
    pub async fn follow(rules: Rules, store: SharedStore, life: &Lifecycle) -> Self {
        let register = Self(Arc::new(Shared {
            memory: MemoryRegister::new(rules.clone()),
            position: Position::default(),
            charge: Script::new(include_str!("shared/charge.lua")),
            walk: Script::new(include_str!("shared/walk.lua")),
            free: Script::new(include_str!("shared/free.lua")),
            store,
            rules,
        }));
        register.catch_up(life.clock.now()).await;
        register.keep_up(life);
        register
    }

    async fn charge_there(
        &self,
        who: &Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> Result<Option<Ban>, NoAnswer> {
        let Shared { store, rules, .. } = &*self.0;
        let (side, name) = (rules.side(who), who.to_string());
        let mut call = self.of(&self.0.charge, &name, &["score", "things", "ban"]);
        call.key(EVENTS).arg(now.0).arg(points);
        call.arg(side.threshold).arg(side.decay_per_minute);
        for span in [rules.first_ban, rules.longest_ban, rules.memory] {
            call.arg(millis(span));
        }
        call.arg(&name)
            .arg(offence.as_str())
            .arg(self.most_events());
        let begun: Option<(String, i64, u32)> = store.run(Question::Charge, &call).await?;
        let Some((id, until, count)) = begun else {
            return Ok(None);
        };
        let until = Timestamp(until);
        let ban = Ban {
            until,
            count,
            offence,
        };
        // Known here at once. Somebody may have been freed since, and this gateway been told of it already.
        if EventId::parse(&id).is_some_and(|id| self.0.position.is_before(id)) {
            self.0.memory.note(who, ban, now);
        }
        Ok(Some(ban))
    }

    async fn is_walk_there(
        &self,
        who: &Inmate,
        thing: &str,
        now: Timestamp,
    ) -> Result<bool, NoAnswer> {
        let Shared { store, rules, .. } = &*self.0;
        let mut call = self.of(&self.0.walk, &who.to_string(), &["score", "things"]);
        call.arg(now.0).arg(millis(rules.walk_window));
        call.arg(store.names().fingerprint(thing));
        call.arg(rules.side(who).things);
        store.run(Question::Walk, &call).await
    }

    /// Nobody is let out of one gateway alone, to be met by his ban at the next one.
    async fn free_everywhere(&self, who: &Inmate) -> Result<bool, NoAnswer> {
        let Shared { store, rules, .. } = &*self.0;
        let name = who.to_string();
        let mut call = self.of(&self.0.free, &name, &["score", "things", "ban"]);
        call.key(EVENTS).arg(&name).arg(self.most_events());
        call.arg(millis(rules.longest_ban + rules.memory));
        let known: bool = store.run(Question::Free, &call).await?;
        Ok(self.0.memory.forget(who) || known)
    }

    /// A call with the keys of one inmate.
    fn of<'s>(&self, script: &'s Script, name: &str, keys: &[&str]) -> ScriptInvocation<'s> {
        let mut call = script.prepare_invoke();
        let names = self.0.store.names();
        for key in keys {
            call.key(names.key(&format!("jail:{key}"), name.as_bytes()));
        }
        call
    }

    fn most_events(&self) -> usize {
        self.0.rules.capacity * EVENTS_A_PLACE
    }
}

impl Register for SharedRegister {
    fn ban_of(&self, who: &Inmate, now: Timestamp) -> BoxFuture<'_, Option<Ban>> {
        self.0.memory.ban_of(who, now)
    }

    fn charge<'a>(
        &'a self,
        who: &'a Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Ban>> {
        let charged = async move {
            match self.charge_there(who, offence, points, now).await {
                Ok(ban) => ban,
                Err(NoAnswer) => self.0.memory.charge(who, offence, points, now).await,
            }
        };
        charged.boxed()
    }

    fn is_walk<'a>(
        &'a self,
        who: &'a Inmate,
        thing: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, bool> {
        let noted = async move {
            match self.is_walk_there(who, thing, now).await {
                Ok(is_walk) => is_walk,
                Err(NoAnswer) => self.0.memory.is_walk(who, thing, now).await,
            }
        };
        noted.boxed()
    }

    fn list(&self, now: Timestamp) -> BoxFuture<'_, Vec<Entry>> {
        self.0.memory.list(now)
    }

    fn free<'a>(&'a self, who: &'a Inmate) -> BoxFuture<'a, Result<bool, NoAnswer>> {
        self.free_everywhere(who).boxed()
    }
}

fn millis(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
