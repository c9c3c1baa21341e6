//! How much a client may ask for: the classes of limits that the table defines, and those that a route counts against.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The class that applies to every route (L6).
pub const ADDRESS: &str = "address";
/// The quota of a user (L8).
pub const DAILY: &str = "daily";

/// So many requests in so much time, by a name that clients read in `RateLimit-Policy`.
#[derive(Debug, PartialEq, Eq)]
pub struct LimitClass {
    /// Lower-case letters, digits, `-` and `_`: it stands in headers and in metrics as it is.
    pub name: Box<str>,
    pub requests: NonZeroU32,
    /// Whole seconds.
    pub window: Duration,
}

/// A class as one route counts against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteLimit {
    pub class: Arc<LimitClass>,
    /// What becomes of a request that cannot be counted where all gateways count.
    pub redis_away: RedisAway,
}

/// What holds for a route while the gateway cannot reach the Redis that `REDIS_URL` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisAway {
    /// Requests pass, and this gateway counts them by itself.
    Open,
    /// Requests are answered with 503.
    Closed,
}

impl RedisAway {
    /// The word in `routes.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What a request of a route is counted against.
#[derive(Debug, PartialEq, Eq)]
pub struct RouteLimits {
    /// By address and before authentication: `address` first, then the strict classes that the route names.
    pub by_address: Vec<RouteLimit>,
    /// By user and after authentication; by address where the route is public and names the quota.
    pub quota: Option<RouteLimit>,
}

impl RouteLimits {
    /// In the order in which they are counted.
    pub fn all(&self) -> impl Iterator<Item = &LimitClass> {
        let all = self.by_address.iter().chain(&self.quota);
        all.map(|limit| &*limit.class)
    }
}
