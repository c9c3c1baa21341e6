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

/// What a request of a route is counted against.
#[derive(Debug, PartialEq, Eq)]
pub struct RouteLimits {
    /// By address and before authentication: `address` first, then the strict classes that the route names.
    pub by_address: Vec<Arc<LimitClass>>,
    /// By user and after authentication; by address where the route is public and names the quota.
    pub quota: Option<Arc<LimitClass>>,
}

impl RouteLimits {
    /// In the order in which they are counted.
    pub fn all(&self) -> impl Iterator<Item = &LimitClass> {
        let all = self.by_address.iter().chain(&self.quota);
        all.map(|class| &**class)
    }
}
