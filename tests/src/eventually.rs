//! Waiting for what happens by itself in a bounded time: an outbox that is worked off, a service that is back.

use std::time::{Duration, Instant};

/// Asks again and again, as a polling client does, until the answer is yes.
///
/// # Panics
/// When it is still no after ten seconds.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    let mut polls = tokio::time::interval(Duration::from_millis(50));
    while begun.elapsed() < Duration::from_secs(10) {
        polls.tick().await;
        if ask().await {
            return;
        }
    }
    panic!("after ten seconds still not: {what}");
}
