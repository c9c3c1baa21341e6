//! The questions that are under way: one a key, and not too many.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use service_kit::api_key::KeyHash;
use service_kit::clock::Timestamp;
use tokio::sync::watch;

use super::{Known, MOST_QUESTIONS, PAUSE, Shared};
use crate::metrics::API_KEY_QUESTIONS;

/// What came of a question: a good key, nobody's key, or no answer.
pub(super) type Said = Option<Option<Arc<Known>>>;

#[derive(Default)]
pub(super) struct Questions(Mutex<UnderWay>);

#[derive(Default)]
struct UnderWay {
    /// `None` in it until the answer has come.
    asked: HashMap<KeyHash, watch::Receiver<Option<Said>>>,
    /// When a question last ended without an answer.
    failed: Option<Timestamp>,
}

impl Shared {
    /// What is said of a key now; `None` when nobody answers, or too much is asked already. Who comes while the same is
    /// being asked waits for that answer.
    pub(super) async fn ask_once(self: &Arc<Self>, hash: KeyHash) -> Said {
        let mut answer = self.begin(hash)?;
        let said = answer.wait_for(Option::is_some).await;
        // Without a sender the question was dropped: the gateway stops.
        said.ok()?.clone().flatten()
    }

    /// It runs as a task of its own: were it a part of the caller's request, a client that goes away would take the
    /// answer from all who wait for it.
    fn begin(self: &Arc<Self>, hash: KeyHash) -> Option<watch::Receiver<Option<Said>>> {
        let now = self.life.clock.now();
        self.questions.with(|under_way| {
            if let Some(answer) = under_way.asked.get(&hash) {
                return Some(answer.clone());
            }
            let rests = under_way.failed.is_some_and(|at| now < at.plus(PAUSE));
            if rests || under_way.asked.len() >= MOST_QUESTIONS {
                return None;
            }
            let (teller, answer) = watch::channel(None);
            under_way.asked.insert(hash, answer.clone());
            let (shared, life) = (Arc::clone(self), self.life.clone());
            self.life.spawn(async move {
                tokio::select! {
                    () = life.stopped() => {}
                    said = shared.question(hash, now) => {
                        teller.send_replace(Some(said));
                    }
                }
            });
            Some(answer)
        })
    }

    /// An answer counts from the moment of its question: what changed in between may not be in it.
    async fn question(&self, hash: KeyHash, asked: Timestamp) -> Said {
        let answer = (self.ask)(hash).await;
        let outcome = match &answer {
            Ok(Some(_)) => "known",
            Ok(None) => "unknown",
            Err(cause) => {
                tracing::warn!(cause, "auth does not say whose an API key is");
                "failed"
            }
        };
        metrics::counter!(API_KEY_QUESTIONS, "outcome" => outcome).increment(1);
        let has_failed = answer.is_err();
        let said = answer
            .ok()
            .map(|holder| self.memory.remember(hash, holder, asked));
        // Behind the memory: who comes next finds the answer there.
        let ended = self.life.clock.now();
        self.questions.with(|under_way| {
            under_way.asked.remove(&hash);
            under_way.failed = has_failed.then_some(ended);
        });
        said
    }
}

impl Questions {
    fn with<T>(&self, change: impl FnOnce(&mut UnderWay) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
