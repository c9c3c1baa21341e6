//! API keys (T1, R7): whose one is, and what it opens. The authorisation server says it, asked by the key's hash over
//! mTLS; here it is remembered for a while.
//!
//! - Threat: guessing keys, or a flood of made-up ones that swamps the server that is asked; a key that works on after
//!   it was revoked, expired, or its owner locked; a key in a log or in a memory dump.
//! - Rule: only the hash of a key is kept, compared and sent on. A known key is asked for anew after [`FRESH`]; a
//!   revocation is heard of within a second, as a token's is ([`crate::revocations`]), and its expiry is looked at each
//!   time. An unknown one is remembered for [`UNKNOWN`]. One question a key is under way at a time, and
//!   [`MOST_QUESTIONS`] in all.
//! - Is it fail open? While the authorisation server is away a known key serves on, up to [`LONGEST`] after the last
//!   answer about it: what keys open is public, to read, and an outage of one service shall not stop that. An unknown
//!   key is answered with 503: nobody can say whether it is good.

mod auth;
mod memory;
mod questions;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use service_kit::api_key::{ApiKey, KeyHash};
use service_kit::clock::Timestamp;
use service_kit::lifecycle::Lifecycle;

pub use auth::ask_auth;
use memory::{Memory, Recalled};
use questions::Questions;

use crate::revocations::{Mark, Revocations};
use crate::tokens::Verified;

/// So long an answer counts without another question. A lock of its owner's account may take as long to be felt.
const FRESH: Duration = Duration::from_secs(30);
/// So long a key serves after the last answer while nobody answers. Less than a revocation is remembered (16 minutes),
/// so that none is forgotten before what it is about.
const LONGEST: Duration = Duration::from_secs(600);
/// So long an unknown key is refused without a question.
const UNKNOWN: Duration = Duration::from_secs(5);
/// So long nothing is asked after a question without an answer: a server that hangs is not waited for by each request.
const PAUSE: Duration = Duration::from_secs(1);
/// At one time. Made-up keys cost a question each; beyond this they are refused without one, and known keys serve on.
const MOST_QUESTIONS: usize = 64;
/// How long a request waits for the first list of revocations after the gateway's start.
const FIRST_LIST: Duration = Duration::from_secs(3);

/// Asks whose key this is: `None` is nobody's. The error is for the log.
pub type Ask =
    Arc<dyn Fn(KeyHash) -> BoxFuture<'static, Result<Option<Holder>, String>> + Send + Sync>;

/// What is said of a good key.
#[derive(Debug)]
pub struct Holder {
    pub verified: Arc<Verified>,
    /// By what it can be revoked: its id in the place of a token's, and its owner.
    pub mark: Mark,
}

/// A key that was good when it was asked for.
#[derive(Debug)]
struct Known {
    holder: Holder,
    asked: Timestamp,
}

/// Why a key is refused. The texts are for the log; they quote nothing of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("the key is nobody's, or opens nothing any more")]
    Unknown,
    #[error("the key has expired")]
    Expired,
    #[error("the key has been revoked")]
    Revoked,
    #[error("nobody can say whether the key is good")]
    NoAnswer,
    #[error("the revocations are not known yet")]
    NoRevocations,
}

/// The verifier. Clones share what is remembered.
#[derive(Clone)]
pub struct ApiKeys(Arc<Shared>);

struct Shared {
    ask: Ask,
    revocations: Revocations,
    memory: Memory,
    questions: Questions,
    life: Lifecycle,
}

impl ApiKeys {
    pub fn new(ask: Ask, revocations: Revocations, life: &Lifecycle) -> Self {
        Self(Arc::new(Shared {
            ask,
            revocations,
            memory: Memory::default(),
            questions: Questions::default(),
            life: life.clone(),
        }))
    }

    /// # Errors
    /// [`KeyFault::NoAnswer`] and [`KeyFault::NoRevocations`] when nobody can say; the others for a key that is not
    /// good.
    pub async fn verify(&self, key: &ApiKey) -> Result<Arc<Verified>, KeyFault> {
        let revocations = &self.0.revocations;
        if !revocations.is_complete() && !revocations.completed(FIRST_LIST).await {
            return Err(KeyFault::NoRevocations);
        }
        let known = self.known(key.hash()).await?;
        // Also what came this moment: its answer may be older than its revocation.
        self.check_is_in_force(&known)?;
        Ok(Arc::clone(&known.holder.verified))
    }

    async fn known(&self, hash: KeyHash) -> Result<Arc<Known>, KeyFault> {
        let old = match self.0.memory.recall(&hash, self.now()) {
            Recalled::Fresh(known) if !self.is_revoked(&known) => return Ok(known),
            // All of its owner's may have been taken back up to a moment, and be good again now.
            Recalled::Fresh(known) | Recalled::Old(known) => Some(known),
            Recalled::Unknown => return Err(KeyFault::Unknown),
            Recalled::Nothing => None,
        };
        match self.0.ask_once(hash).await {
            Some(answer) => answer.ok_or(KeyFault::Unknown),
            None => {
                let still = |known: &Arc<Known>| self.now() < known.asked.plus(LONGEST);
                old.filter(still).ok_or(KeyFault::NoAnswer)
            }
        }
    }

    fn check_is_in_force(&self, known: &Known) -> Result<(), KeyFault> {
        if known.holder.verified.expires <= self.now().seconds() {
            return Err(KeyFault::Expired);
        }
        match self.is_revoked(known) {
            true => Err(KeyFault::Revoked),
            false => Ok(()),
        }
    }

    fn is_revoked(&self, known: &Known) -> bool {
        self.0.revocations.hold(&known.holder.mark)
    }

    fn now(&self) -> Timestamp {
        self.0.life.clock.now()
    }
}

#[cfg(test)]
mod tests;
