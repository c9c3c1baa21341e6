//! Where points and bans are kept, behind a small trait: in this process ([`memory`]), or for all gateways together
//! ([`shared`]).

mod memory;
mod shared;

use futures_util::future::BoxFuture;
use service_kit::clock::Timestamp;

use super::{Inmate, Offence, Rules};
use crate::shared_store::NoAnswer;
pub use memory::MemoryRegister;
pub use shared::SharedRegister;

/// A time out, the latest of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    pub until: Timestamp,
    /// How many there have been in a row, this one included.
    pub count: u32,
    /// What reached the threshold.
    pub offence: Offence,
}

impl Ban {
    pub fn is_on(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// Rounded up: who comes back after so many seconds is let in.
    pub fn seconds_left(&self, now: Timestamp) -> u64 {
        let left = self.until.0.saturating_sub(now.0);
        u64::try_from(left).unwrap_or(0).div_ceil(1_000)
    }
}

/// One line of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub who: Inmate,
    pub ban: Ban,
}

/// Each call is one step that no other can come between. An implementation that cannot reach its store answers from
/// what it knows by itself: a ban that is known stays, and nobody is let out.
pub trait Register: Send + Sync {
    /// The ban that is on at `now`.
    fn ban_of(&self, who: &Inmate, now: Timestamp) -> BoxFuture<'_, Option<Ban>>;

    /// Adds points. The ban that begins with them, if one does; none while one is on.
    fn charge<'a>(
        &'a self,
        who: &'a Inmate,
        offence: Offence,
        points: u64,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Ban>>;

    /// Notes that `thing` was looked at; `true` when it is one more than a window allows.
    fn is_walk<'a>(
        &'a self,
        who: &'a Inmate,
        thing: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, bool>;

    /// All that are banned or remembered; the one with the longest ban first.
    fn list(&self, now: Timestamp) -> BoxFuture<'_, Vec<Entry>>;

    /// Forgets points and bans; `false` when there were none. [`NoAnswer`] where that cannot be done at all gateways.
    fn free<'a>(&'a self, who: &'a Inmate) -> BoxFuture<'a, Result<bool, NoAnswer>>;
}

#[cfg(test)]
mod tests;
