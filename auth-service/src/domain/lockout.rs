//! The brake on guessing one account's password: ten failures in a row lock it for a quarter of an hour.
//!
//! An attempt is counted before its password is looked at, so a thousand guesses sent at once do not overtake the
//! counter. The count itself is one SQL statement, in the store.

use std::time::Duration;

use service_kit::clock::Timestamp;

pub const MOST_FAILURES: i64 = 10;
pub const LOCKED_FOR: Duration = Duration::from_secs(15 * 60);

/// Whether an attempt may succeed. `count` is its own place since the last success: the tenth still may, and it has
/// already set the lock, which only its success takes off.
pub fn admits(count: i64) -> bool {
    count <= MOST_FAILURES
}

/// Checked at every grant, not only at login (CVE-2026-16103: a flow begun before the lock must not end after it).
/// `locked_until` is 0 for an account that is not locked.
pub fn is_locked(locked_until: Timestamp, now: Timestamp) -> bool {
    now < locked_until
}
