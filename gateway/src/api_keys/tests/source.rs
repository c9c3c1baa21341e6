//! The authorisation server as tests of API keys want it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use service_kit::clock::{Clock, Timestamp};
use service_kit::lifecycle::Lifecycle;
use tokio::sync::watch;

use crate::api_keys::{ApiKeys, Holder};
use crate::revocations::{Mark, News, Position, Revocation, Revocations, What};
use crate::test_issuer::{ALICE, NOW, none_revoked};
use crate::tokens::Verified;

/// The key's own, by which it is taken back.
pub(super) const ID: &str = "5e1f0000-0000-4000-8000-000000000001";

/// An authorisation server whose answer the test sets, and which counts how often it is asked.
#[derive(Clone)]
pub(super) struct Source {
    /// When the key expires; `None` is nobody's key, an error no answer.
    answer: Arc<Mutex<Result<Option<i64>, String>>>,
    asked: Arc<AtomicUsize>,
    /// Answers are held back while this is `false`.
    pub open: watch::Sender<bool>,
    pub revocations: Revocations,
    life: Lifecycle,
}

impl Source {
    pub fn new() -> Self {
        Self {
            answer: Arc::new(Mutex::new(Ok(Some(NOW + 86_400)))),
            asked: Arc::default(),
            open: watch::Sender::new(true),
            revocations: none_revoked(),
            life: Lifecycle::new(Clock::manual(Timestamp(NOW * 1000))),
        }
    }

    pub fn gives(&self, answer: Result<Option<i64>, &str>) {
        *self.answer.lock().expect("no panic") = answer.map_err(str::to_owned);
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub fn pass(&self, span: Duration) {
        self.life.clock.advance(span);
    }

    pub fn keys(&self) -> ApiKeys {
        let source = self.clone();
        let ask = move |_| {
            source.asked.fetch_add(1, Ordering::SeqCst);
            let source = source.clone();
            async move {
                let answer = source.answer.lock().expect("no panic").clone();
                let mut open = source.open.subscribe();
                let _ = open.wait_for(|open| *open).await;
                Ok(answer?.map(|expires| source.holder(expires)))
            }
            .boxed()
        };
        ApiKeys::new(Arc::new(ask), self.revocations.clone(), &self.life)
    }

    fn holder(&self, expires: i64) -> Holder {
        let verified = Verified::new("key:1", &[], "tours:read", expires);
        Holder {
            verified: Arc::new(verified.expect("plain words")),
            mark: Mark {
                token: ID.into(),
                family: None,
                subject: ALICE.into(),
                issued: self.life.clock.now().seconds(),
            },
        }
    }

    pub fn revoke(&self, what: What) {
        let now = self.life.clock.now();
        let position = Position {
            feed: "test".to_owned(),
            after: 1,
        };
        let ends = now.seconds() + 960;
        self.revocations.take(
            &News {
                position,
                more: false,
                revocations: vec![Revocation { what, ends }],
            },
            now,
        );
    }
}
