//! A Redis for the tests of what gateways share.

use std::time::{Duration, Instant};

use escale_engines::Redis;
use service_kit::clock::Clock;
use service_kit::config::{Settings, TlsConfig};
use service_kit::lifecycle::Lifecycle;

use crate::shared_store::{SharedStore, SharedStoreConfig};

/// A Redis of one's own and a way to it; `None`, said aloud, where there is none.
pub async fn lent() -> Option<(Redis, SharedStore)> {
    let redis = escale_engines::redis().await?;
    let store = of(&redis).await;
    Some((redis, store))
}

/// Another gateway's way to it. A loaded machine is slow: the deadline is the longest.
pub async fn of(redis: &Redis) -> SharedStore {
    with(&redis.url(), 1_000).await
}

pub async fn with(url: &str, milliseconds: u64) -> SharedStore {
    let milliseconds = milliseconds.to_string();
    let settings = [("REDIS_URL", url), ("REDIS_TIMEOUT_MS", &milliseconds)];
    configured(&settings, None).await
}

/// It tries on until the test's runtime ends.
pub async fn configured(settings: &[(&str, &str)], own: Option<&TlsConfig>) -> SharedStore {
    let settings = Settings::from_pairs(settings.iter().copied());
    let config = settings.load(|settings| SharedStoreConfig::read(settings, own));
    let config = config.expect("settings").expect("an address");
    SharedStore::connect(config, &Lifecycle::new(Clock::system())).await
}

/// Asks again and again until the answer is yes.
///
/// # Panics
/// When it is still no after ten seconds.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    let mut polls = tokio::time::interval(Duration::from_millis(10));
    while begun.elapsed() < Duration::from_secs(10) {
        polls.tick().await;
        if ask().await {
            return;
        }
    }
    panic!("after ten seconds still not: {what}");
}
