//! The jail: who makes too many mistakes in too short a time is kept out for a while (L9, R3, T5, T11).
//!
//! Failed logins, refusals and unknown things cost points, which drain away with time ([`score`]). Who reaches the
//! threshold is banned, twice as long at each ban ([`register`]). Points are kept for an address and, apart from it, for
//! a user ([`inmate`]): nobody can have points put on somebody else.
//! - An address is that of the connection, or what a trusted proxy says of it; what a client writes into a header is
//!   not looked at, so a forged address bans nobody.
//! - A user gets points only for requests whose token was verified as his. A failed login counts against the address
//!   that tried, and never against the name that was tried: its owner can neither be banned nor slowed down from
//!   elsewhere. Guessing one account's password from many addresses is stopped by auth, which locks the account.
//!
//! With `REDIS_URL` all gateways keep one register: points given at one and another add up, and a ban holds at all of them
//! within a second.
//!
//! Requests that are already under way when a ban begins are still answered; the limits bound how many those can be.
//! The numbers are in `routes.toml`, `[jail]`, with the reasons for them.

pub mod admin;
mod audit;
mod inmate;
mod offence;
mod register;
mod rules;
mod score;

use std::sync::Arc;
use std::time::Duration;

use service_kit::audit::Event;
use service_kit::clock::{Clock, Timestamp};
use service_kit::lifecycle::Lifecycle;

use crate::shared_store::NoAnswer;
pub use inmate::{Inmate, NoInmate};
pub use offence::Offence;
pub use register::{Ban, Entry, MemoryRegister, Register, SharedRegister};
pub use rules::{Points, Rules, Side};

/// How often `jail_banned` is counted anew: bans end by the clock, without an event.
const COUNT_EVERY: Duration = Duration::from_secs(10);

/// Clones share one register.
#[derive(Clone)]
pub struct Jail(Arc<Shared>);

struct Shared {
    rules: Rules,
    clock: Clock,
    register: Box<dyn Register>,
    record: Box<dyn Fn(Event) + Send + Sync>,
}

impl Jail {
    /// A jail that remembers in this process alone. `record` takes each ban to the audit log, and does not wait.
    pub fn new(
        rules: &Rules,
        clock: Clock,
        record: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        let register = Box::new(MemoryRegister::new(rules.clone()));
        Self::with(register, rules, clock, record)
    }

    /// The same with another memory.
    pub fn with(
        register: Box<dyn Register>,
        rules: &Rules,
        clock: Clock,
        record: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Shared {
            rules: rules.clone(),
            clock,
            register,
            record: Box::new(record),
        }))
    }

    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// How many seconds the ban still lasts, if there is one; at least 1.
    pub async fn seconds_left(&self, who: &Inmate) -> Option<u64> {
        let now = self.0.clock.now();
        let ban = self.0.register.ban_of(who, now).await?;
        Some(ban.seconds_left(now))
    }

    /// Gives the points of an offence, and begins a ban where they are too many.
    pub async fn charge(&self, who: &Inmate, offence: Offence) {
        let points = self.rules().points.of(offence);
        if points == 0 {
            return;
        }
        let labels = [("side", who.side()), ("offence", offence.as_str())];
        metrics::counter!("jail_points_total", &labels).increment(points);
        let now = self.0.clock.now();
        if let Some(ban) = self.0.register.charge(who, offence, points, now).await {
            metrics::counter!("jail_bans_total", "side" => who.side()).increment(1);
            (self.0.record)(audit::ban(who, &ban, now));
        }
    }

    /// Notes that somebody looked at one thing (a tour, a booking, a search). More different things in a short time
    /// than a person looks at are a walk through all of them, and cost points.
    pub async fn looked_at(&self, who: &Inmate, thing: &str) {
        let now = self.0.clock.now();
        if self.0.register.is_walk(who, thing, now).await {
            self.charge(who, Offence::Walk).await;
        }
    }

    /// Who is banned, and who was and is still remembered; the longest ban first.
    pub async fn list(&self) -> Vec<Entry> {
        self.0.register.list(self.0.clock.now()).await
    }

    /// Ends a ban and forgets everything about its bearer. `false` when nothing was known.
    ///
    /// # Errors
    /// [`NoAnswer`], and nobody is let out, while the other gateways cannot be told.
    pub async fn free(&self, who: &Inmate) -> Result<bool, NoAnswer> {
        let known = self.0.register.free(who).await;
        self.count_banned(self.0.clock.now()).await;
        known
    }

    /// Keeps the metric of who is banned now.
    pub fn keep_count(&self, life: &Lifecycle) {
        let jail = self.clone();
        life.every(COUNT_EVERY, move || {
            let jail = jail.clone();
            async move { jail.count_banned(jail.0.clock.now()).await }
        });
    }

    async fn count_banned(&self, now: Timestamp) {
        let list = self.0.register.list(now).await;
        for side in Inmate::SIDES {
            let banned = list
                .iter()
                .filter(|entry| entry.who.side() == side && entry.ban.is_on(now));
            let banned = u32::try_from(banned.count()).unwrap_or(u32::MAX);
            metrics::gauge!("jail_banned", "side" => side).set(f64::from(banned));
        }
    }
}

#[cfg(test)]
mod tests;
