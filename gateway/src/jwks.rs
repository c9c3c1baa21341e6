//! The public keys of one issuer: fetched in the background, and kept while it is away.
//!
//! Threats: a flood of unknown `kid`s that makes the gateway hammer the issuer (one fetch a cooldown,
//! one in flight); a key set that hangs or is huge (the fetch is bounded, the old keys serve on); a key of another kind
//! slipped in (only signature keys for the issuer's algorithms are taken); a URL in the token's header (nothing of a token says where
//! keys come from).

mod key_set;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use jsonwebtoken::Algorithm;
use service_kit::clock::Timestamp;
use service_kit::lifecycle::Lifecycle;
use tokio::sync::watch;

use crate::metrics::{JWKS_FETCHED, JWKS_FETCHES};
pub use key_set::{Key, KeySet, KeySetFault};

/// How often the key set is fetched in the background.
#[derive(Debug, Clone, Copy)]
struct Pace {
    refresh: Duration,
    /// Between two tries as long as there is no key at all.
    retry: Duration,
    fetch_timeout: Duration,
}

/// How the platform's own issuer is called in logs and metrics.
pub const OWN: &str = "escale";
const PACE: Pace = Pace {
    refresh: Duration::from_secs(300),
    retry: Duration::from_millis(200),
    fetch_timeout: FETCH_TIMEOUT,
};
/// Between two fetches that tokens with unknown keys can cause.
const COOLDOWN: Duration = Duration::from_secs(10);
/// For one fetch, and so for a request that waits for one.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(3);

/// A key set has some hundred bytes a key, or some thousand with its certificates.
pub const LARGEST_JWKS: usize = 64 * 1024;

/// Gets the bytes of the key set; bounded in size by who provides it, and in time here. The error is for the log.
pub type Fetch = Arc<dyn Fn() -> BoxFuture<'static, Result<Bytes, String>> + Send + Sync>;

/// The keys that are known now. Clones share them.
#[derive(Clone)]
pub struct Jwks(Arc<Shared>);

struct Shared {
    /// The issuer, in the log.
    name: String,
    algorithms: Vec<Algorithm>,
    keys: ArcSwap<KeySet>,
    fetch: Fetch,
    pace: Pace,
    life: Lifecycle,
    fetching: Mutex<Fetching>,
    /// Told at the end of every fetch.
    ended: watch::Sender<()>,
}

#[derive(Default)]
struct Fetching {
    running: bool,
    /// When a token last caused a fetch.
    asked: Option<Timestamp>,
    /// Why the last fetch failed: told once, not at every try.
    reported: Option<String>,
}

impl Jwks {
    /// The keys of the platform's own authorisation server.
    pub fn new(fetch: Fetch, life: &Lifecycle) -> Self {
        Self::of(OWN, &[Algorithm::ES256], fetch, life)
    }

    /// The keys of any issuer: those for one of these algorithms.
    pub fn of(name: &str, algorithms: &[Algorithm], fetch: Fetch, life: &Lifecycle) -> Self {
        Self::with_pace(name, algorithms, fetch, life, PACE)
    }

    fn with_pace(
        name: &str,
        algorithms: &[Algorithm],
        fetch: Fetch,
        life: &Lifecycle,
        pace: Pace,
    ) -> Self {
        Self(Arc::new(Shared {
            name: name.to_owned(),
            algorithms: algorithms.to_vec(),
            keys: ArcSwap::default(),
            fetch,
            pace,
            life: life.clone(),
            fetching: Mutex::default(),
            ended: watch::Sender::new(()),
        }))
    }

    /// Fetches at once, five times a second until there are keys, and every five minutes from then on.
    pub fn keep_fresh(&self) {
        let jwks = self.clone();
        self.0.life.spawn(async move {
            tokio::select! {
                () = jwks.0.life.stopped() => {}
                () = jwks.refresh_for_ever() => {}
            }
        });
    }

    async fn refresh_for_ever(&self) {
        loop {
            let ended = self.0.ended.subscribe();
            self.begin(|_| true);
            self.wait(ended).await;
            let Pace { refresh, retry, .. } = self.0.pace;
            tokio::time::sleep(if self.is_present() { refresh } else { retry }).await;
        }
    }

    /// Without a key no token can be verified: the gateway is not ready.
    pub fn is_present(&self) -> bool {
        !self.0.keys.load().is_empty()
    }

    /// See [`KeySet::epoch`].
    pub fn epoch(&self) -> u64 {
        self.0.keys.load().epoch()
    }

    pub fn current(&self) -> Arc<KeySet> {
        self.0.keys.load_full()
    }

    /// The keys, fetched anew where `kid` is not among them and the cooldown allows it.
    pub async fn current_for(&self, kid: &str) -> Arc<KeySet> {
        let keys = self.current();
        if keys.get(kid).is_some() {
            return keys;
        }
        let ended = self.0.ended.subscribe();
        let now = self.0.life.clock.now();
        let running = self.begin(|fetching| {
            let allowed = fetching
                .asked
                .is_none_or(|asked| now >= asked.plus(COOLDOWN));
            if allowed {
                fetching.asked = Some(now);
            }
            allowed
        });
        if running {
            self.wait(ended).await;
        }
        self.current()
    }

    /// Begins a fetch unless one runs. Says whether one runs now.
    ///
    /// It runs as a task of its own: were it a part of the caller's request, a client could use up the cooldown and
    /// go away before the keys arrive, again and again.
    fn begin(&self, allowed: impl FnOnce(&mut Fetching) -> bool) -> bool {
        let mut fetching = self.fetching();
        if !fetching.running && allowed(&mut fetching) {
            fetching.running = true;
            let jwks = self.clone();
            self.0.life.spawn(async move {
                tokio::select! {
                    () = jwks.0.life.stopped() => {}
                    () = jwks.fetch() => {}
                }
            });
        }
        fetching.running
    }

    async fn wait(&self, mut ended: watch::Receiver<()>) {
        // The fetch ends by itself long before; this is for one that the runtime dropped.
        let limit = self.0.pace.fetch_timeout * 2;
        let _ = tokio::time::timeout(limit, ended.changed()).await;
    }

    async fn fetch(&self) {
        let outcome = match tokio::time::timeout(self.0.pace.fetch_timeout, (self.0.fetch)()).await
        {
            Ok(Ok(document)) => self.replace(&document).map_err(|fault| fault.to_string()),
            Ok(Err(cause)) => Err(cause),
            Err(_) => Err("no answer in time".to_owned()),
        };
        self.count(outcome.is_ok());
        let mut fetching = self.fetching();
        fetching.running = false;
        let fault = outcome.err();
        if let Some(cause) = &fault
            && fault != fetching.reported
        {
            let issuer = &self.0.name;
            tracing::warn!(
                issuer,
                cause,
                "the key set cannot be fetched; the keys in use stay"
            );
        }
        fetching.reported = fault;
        drop(fetching);
        self.0.ended.send_replace(());
    }

    fn count(&self, fetched: bool) {
        let label = if fetched { "fetched" } else { "failed" };
        metrics::counter!(JWKS_FETCHES, "outcome" => label).increment(1);
        if fetched {
            metrics::gauge!(JWKS_FETCHED).set(self.0.life.clock.now().seconds() as f64);
        }
    }

    fn replace(&self, document: &[u8]) -> Result<(), KeySetFault> {
        let old = self.current();
        let new = KeySet::read(document, &self.0.algorithms, &old)?;
        if new != *old {
            tracing::info!(
                issuer = self.0.name,
                keys = new.len(),
                "the key set changed"
            );
            self.0.keys.store(Arc::new(new));
        }
        Ok(())
    }

    fn fetching(&self) -> MutexGuard<'_, Fetching> {
        self.0
            .fetching
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
