//! Tokens that were taken back before their time (T9, R8): known here within a second, in memory, and asked for at each
//! request, whether the token is verified anew or found in the cache.
//!
//! - Threat: a token that goes on working after logout, after the theft of its refresh token was noticed, after its
//!   account was locked; a cache that remembers a token as good.
//! - Where they come from: a [`Feed`], which is the authorisation server, asked by long poll over mTLS. Each of several
//!   gateways follows it by itself, and not through the Redis that they share: auth's database is the one truth, and a
//!   Redis that is away, or was emptied, revives no token. The question that a request asks is answered in memory.
//! - Is it fail open? At the start, no: until the list has come once, tokens of our issuer are answered with 503, as
//!   they are while its keys are not known. Later, when the feed is away: what is known stays in force, and what is
//!   revoked meanwhile elsewhere is not known here, so such a token works on, for the rest of its 15 minutes at the
//!   most. Refusing everybody for that would let an outage of one service stop the whole platform, and while it is away
//!   nobody can revoke anything there. It is told: `revocation_feed_up` is 0, and the log has a warning.
//! - Bound: an entry dies when the last token that it can touch is dead (16 minutes). One that names a login costs the
//!   authorisation server a password hash first, so there are some thousands at the worst.

mod auth_feed;
mod feed;
mod follow;
mod list;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use service_kit::clock::Timestamp;
use tokio::sync::watch;

pub use auth_feed::AuthFeed;
pub use feed::{Feed, News, Position, Revocation, What};
pub use follow::follow;
use list::List;

/// By what a token can be named in a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// `jti`
    pub token: Box<str>,
    /// `sid`: the login that it comes from; an application's token has none.
    pub family: Option<Box<str>>,
    /// `sub`
    pub subject: Box<str>,
    /// `iat`, in seconds.
    pub issued: i64,
}

/// What is revoked now. Clones share it.
#[derive(Debug, Clone)]
pub struct Revocations(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    list: RwLock<List>,
    /// Whether the feed has given all that it had, once.
    complete: watch::Sender<bool>,
}

impl Revocations {
    /// Nothing is known yet, not even that nothing is revoked.
    pub fn unknown() -> Self {
        Self(Arc::new(Shared {
            list: RwLock::default(),
            complete: watch::Sender::new(false),
        }))
    }

    pub fn is_complete(&self) -> bool {
        *self.0.complete.borrow()
    }

    /// Waits until the list has come once; `false` when it has not within `patience`.
    pub async fn completed(&self, patience: Duration) -> bool {
        let mut complete = self.0.complete.subscribe();
        let came = tokio::time::timeout(patience, complete.wait_for(|complete| *complete)).await;
        matches!(came, Ok(Ok(_)))
    }

    pub fn hold(&self, mark: &Mark) -> bool {
        let list = self.0.list.read().unwrap_or_else(PoisonError::into_inner);
        list.holds(mark)
    }

    /// Adds what is new and forgets what is over. Nothing else is ever taken off the list: not when a feed begins anew,
    /// because what it does not tell again may still be in force.
    pub fn take(&self, news: &News, now: Timestamp) {
        let mut list = self.0.list.write().unwrap_or_else(PoisonError::into_inner);
        list.take(&news.revocations);
        list.forget(now.seconds());
        metrics::gauge!("revocations_known").set(list.len() as f64);
        drop(list);
        if !news.more {
            self.0.complete.send_replace(true);
        }
    }
}

#[cfg(test)]
mod tests;
