//! Takes tokens back, and hands every revocation on to the gateways within a second.
//!
//! The store holds them; this is the bell that wakes who waits for the next one. Another instance of this service may
//! have revoked something too, and its bell is not heard here: who waits looks at the store twice a second besides.

use std::time::Duration;

use service_kit::clock::Timestamp;
use service_kit::store::Store;
use sqlx::AnyConnection;
use tokio::sync::watch;
use uuid::Uuid;

use crate::domain::revocation::Revoked;
use crate::store::revocations::{self, Revocation};

/// For revocations of other instances.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long a gateway's question waits for news. Far below every idle timeout between the two.
const WAIT: Duration = Duration::from_secs(10);

/// In one answer: some 150 kB at the most.
const MOST: usize = 1_000;

/// Clones share the bell.
#[derive(Debug, Clone)]
pub struct Revocations {
    feed: Uuid,
    store: Store,
    bell: watch::Sender<Bell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bell {
    Open,
    /// The service stops: nobody waits any longer.
    Stop,
}

/// Up to where a gateway has read, and by which feed it counts.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    pub feed: Uuid,
    pub after: i64,
}

#[derive(Debug)]
pub struct News {
    pub feed: Uuid,
    /// What the next question counts from.
    pub last: i64,
    /// Ask again at once: this was not all.
    pub more: bool,
    pub revocations: Vec<Revocation>,
}

impl Revocations {
    pub async fn open(store: &Store) -> Result<Self, sqlx::Error> {
        let mut write = store.write().await?;
        let feed = revocations::feed(&mut write).await?;
        write.commit().await?;
        Ok(Self {
            feed,
            store: store.clone(),
            bell: watch::Sender::new(Bell::Open),
        })
    }

    /// In the transaction of what causes it: either both have happened, or neither. Call [`Revocations::ring`] when it
    /// is committed.
    pub async fn insert(
        &self,
        write: &mut AnyConnection,
        revoked: &Revoked,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        revocations::insert(write, revoked, now).await
    }

    /// Wakes every gateway that waits.
    pub fn ring(&self) {
        // It tells of a change and changes nothing: a bell that says stop goes on saying so.
        self.bell.send_modify(|_| {});
    }

    /// Lets every waiting question go, now and from now on.
    pub fn stop(&self) {
        self.bell.send_replace(Bell::Stop);
    }

    /// What came after `position`; waits a while where nothing has. Without a position, or with one of another
    /// database (a restored backup is one, too), everything that still touches a token, at once.
    pub async fn after(
        &self,
        position: Option<Position>,
        now: Timestamp,
    ) -> Result<News, sqlx::Error> {
        let mut bell = self.bell.subscribe();
        let deadline = tokio::time::Instant::now() + WAIT;
        loop {
            let last = revocations::last(self.store.pool()).await?;
            let known = position.filter(|known| known.feed == self.feed && known.after <= last);
            let is_new = known.is_none_or(|known| known.after < last);
            let is_over = tokio::time::Instant::now() >= deadline || *bell.borrow() == Bell::Stop;
            if is_new || is_over {
                return self
                    .read(known.map_or(0, |known| known.after), last, now)
                    .await;
            }
            let look_again = (tokio::time::Instant::now() + LOOK_EVERY).min(deadline);
            // The sender is a part of `self`: it cannot be gone.
            let _ = tokio::time::timeout_at(look_again, bell.changed()).await;
        }
    }

    async fn read(&self, after: i64, last: i64, now: Timestamp) -> Result<News, sqlx::Error> {
        let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
        let pool = self.store.pool();
        let revocations = revocations::between(pool, after, last, now, limit).await?;
        let more = revocations.len() == MOST;
        let read_to = revocations.last().filter(|_| more);
        Ok(News {
            feed: self.feed,
            last: read_to.map_or(last, |revocation| revocation.sequence),
            more,
            revocations,
        })
    }
}
