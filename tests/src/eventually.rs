//! Waiting for what happens by itself in a bounded time: an outbox that is worked off, a service that is back.

use std::time::{Duration, Instant};

/// Asks again and again, as a polling client does, until the answer is yes.
///
/// # Panics
/// When it is still no after ten seconds.
pub async fn eventually(what: &str, ask: impl AsyncFnMut() -> bool) {
    eventually_within(Duration::from_secs(10), what, ask).await;
}

/// The same for what may take longer, such as a container's start.
///
/// # Panics
/// When it is still no after `limit`.
pub async fn eventually_within(limit: Duration, what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    let mut polls = tokio::time::interval(Duration::from_millis(50));
    while begun.elapsed() < limit {
        polls.tick().await;
        if ask().await {
            return;
        }
    }
    panic!("after {limit:?} still not: {what}");
}
