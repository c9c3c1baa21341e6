//! How long a request may still take, handed from caller to callee so that nobody works for a caller that has given up.
//!
//! The gateway begins a deadline by the route's `deadline_ms`, sends what is left of it with the request, and each
//! service does the same with its own calls. What is sent is a span and not a moment, as gRPC does it
//! (`grpc-timeout`), so the machines' clocks need not agree.
//!
//! It stands still while a sender is waited for: a slow upload is the client's fault (408), not the service's (504).

mod awaited;
mod keep;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

pub use awaited::Awaited;
pub use keep::keep_deadline;

/// Milliseconds, a whole number. Only services are believed: the gateway removes it from what clients send.
pub const REQUEST_DEADLINE: HeaderName = HeaderName::from_static("x-request-deadline-ms");

/// A span beyond this is no promise that anybody keeps; the route table allows less.
const LONGEST: Duration = Duration::from_secs(600);

/// Clones share one deadline.
#[derive(Debug, Clone)]
pub struct Deadline(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    ends: Instant,
    /// Since when it stands still.
    held: Option<Instant>,
}

impl Hands {
    fn remaining(&self, now: Instant) -> Duration {
        self.ends
            .saturating_duration_since(self.held.unwrap_or(now))
    }

    fn hold(&mut self, now: Instant) {
        self.held.get_or_insert(now);
    }

    fn go_on(&mut self, now: Instant) {
        if let Some(held) = self.held.take() {
            self.ends += now.saturating_duration_since(held);
        }
    }
}

/// The deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the deadline has passed")]
pub struct Passed;

impl Deadline {
    /// It begins now. Real time, as all timeouts are: the services' own clock is for what is written down.
    pub fn within(span: Duration) -> Self {
        let hands = Hands {
            ends: Instant::now() + span.min(LONGEST),
            held: None,
        };
        Self(Arc::new(Mutex::new(hands)))
    }

    /// What a calling service has left; `None` where it says nothing, or nothing that can be understood.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(REQUEST_DEADLINE)?.to_str().ok()?;
        text.parse()
            .ok()
            .map(|millis| Self::within(Duration::from_millis(millis)))
    }

    /// Zero when it has passed.
    pub fn remaining(&self) -> Duration {
        self.hands().remaining(Instant::now())
    }

    /// Stands still until [`Deadline::go_on`].
    pub fn hold(&self) {
        self.hands().hold(Instant::now());
    }

    pub fn go_on(&self) {
        self.hands().go_on(Instant::now());
    }

    /// # Errors
    /// [`Passed`] when `work` has not ended by then; it is dropped.
    pub async fn limit<T>(&self, work: impl Future<Output = T>) -> Result<T, Passed> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.passed() => Err(Passed),
        }
    }

    /// Hands on what is left of it, at most `longest`.
    pub fn write_to(&self, headers: &mut HeaderMap, longest: Duration) {
        let left = self.remaining().min(longest).as_millis();
        // At most `LONGEST`, so it fits.
        let left = u64::try_from(left).unwrap_or(u64::MAX);
        headers.insert(REQUEST_DEADLINE, HeaderValue::from(left));
    }

    /// While it stands still, what remains stays the same, and so does each sleep; it only ever moves away, so no
    /// sleep is too long.
    async fn passed(&self) {
        loop {
            let left = self.remaining();
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two contexts are the same when they share one deadline.
impl PartialEq for Deadline {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Deadline {}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(REQUEST_DEADLINE, value.parse().expect("a header value"))])
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_time_in_which_it_stands_still_is_not_counted() {
        let begun = Instant::now();
        let mut hands = Hands {
            ends: begun + 5 * SECOND,
            held: None,
        };
        assert_eq!(hands.remaining(begun + SECOND), 4 * SECOND);
        hands.hold(begun + SECOND);
        hands.hold(begun + 50 * SECOND);
        assert_eq!(hands.remaining(begun + 60 * SECOND), 4 * SECOND);
        hands.go_on(begun + 61 * SECOND);
        hands.go_on(begun + 99 * SECOND);
        assert_eq!(hands.remaining(begun + 63 * SECOND), 2 * SECOND);
        assert_eq!(hands.remaining(begun + 90 * SECOND), Duration::ZERO);
    }

    #[test]
    fn what_is_left_is_handed_on_and_never_more_than_the_callers_own_patience() {
        let deadline = Deadline::of(&headers("5000")).expect("a deadline");
        deadline.hold();
        let onward = |deadline: &Deadline, longest| {
            let mut headers = HeaderMap::new();
            deadline.write_to(&mut headers, longest);
            Deadline::of(&headers).expect("a deadline").remaining()
        };
        let left = onward(&deadline, 60 * SECOND);
        assert!(left <= 5 * SECOND && left > 4 * SECOND, "{left:?}");
        assert!(onward(&deadline, 3 * SECOND) <= 3 * SECOND);
        let passed = Deadline::within(Duration::ZERO);
        assert_eq!(onward(&passed, SECOND), Duration::ZERO);
    }

    #[tokio::test]
    async fn work_that_takes_longer_is_ended_and_work_that_is_done_is_not() {
        let deadline = Deadline::within(Duration::from_millis(50));
        assert_eq!(deadline.limit(std::future::ready(7)).await, Ok(7));
        let endless = std::future::pending::<()>();
        assert_eq!(deadline.limit(endless).await, Err(Passed));
        assert_eq!(deadline.limit(std::future::ready(7)).await, Ok(7));
    }

    #[test]
    fn what_is_no_number_is_no_deadline() {
        for value in ["", "-1", "5s", "1.5", "99999999999999999999"] {
            assert!(Deadline::of(&headers(value)).is_none(), "{value}");
        }
    }
}
