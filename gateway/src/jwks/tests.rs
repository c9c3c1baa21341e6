//! Who causes a fetch, how often, and what happens when it fails.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use service_kit::clock::Clock;

use super::*;
use crate::test_issuer::TestIssuer;

/// An authorisation server whose answer the test sets, and which counts how often it is asked.
#[derive(Clone, Default)]
struct Source {
    answer: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
}

impl Source {
    fn gives(&self, document: Option<String>) {
        *self.answer.lock().expect("no panic while locked") = document;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn jwks(&self, life: &Lifecycle) -> Jwks {
        self.jwks_with(life, PACE)
    }

    fn jwks_with(&self, life: &Lifecycle, pace: Pace) -> Jwks {
        let source = self.clone();
        let fetch = move || {
            source.asked.fetch_add(1, Ordering::SeqCst);
            let answer = source.answer.lock().expect("no panic while locked").clone();
            async move { answer.map(Bytes::from).ok_or("away".to_owned()) }.boxed()
        };
        Jwks::with_pace(OWN, &[Algorithm::ES256], Arc::new(fetch), life, pace)
    }
}

fn life() -> Lifecycle {
    Lifecycle::new(Clock::manual(Timestamp(1_800_000_000_000)))
}

#[tokio::test]
async fn a_thousand_unknown_key_ids_cause_one_fetch_a_cooldown() {
    let (source, life) = (Source::default(), life());
    source.gives(Some(TestIssuer::new("one").jwks()));
    let jwks = source.jwks(&life);
    for number in 0..1_000 {
        let keys = jwks.current_for(&format!("forged-{number}")).await;
        assert!(keys.get("one").is_some(), "valid callers are unaffected");
    }
    assert_eq!(source.asked(), 1);
    life.clock.advance(COOLDOWN);
    jwks.current_for("forged").await;
    assert_eq!(source.asked(), 2);
}

#[tokio::test]
async fn requests_at_one_time_wait_for_one_fetch_and_all_see_its_keys() {
    let (source, life) = (Source::default(), life());
    source.gives(Some(TestIssuer::new("one").jwks()));
    let jwks = source.jwks(&life);
    let all = futures_util::future::join_all((0..50).map(|_| jwks.current_for("one"))).await;
    assert!(all.iter().all(|keys| keys.get("one").is_some()));
    assert_eq!(source.asked(), 1);
}

#[tokio::test]
async fn the_old_keys_serve_while_the_authorisation_server_is_away_or_talks_nonsense() {
    let (source, life) = (Source::default(), life());
    source.gives(Some(TestIssuer::new("one").jwks()));
    let jwks = source.jwks(&life);
    jwks.current_for("one").await;
    for nonsense in [
        None,
        Some("<html>".to_owned()),
        Some(r#"{"keys":[]}"#.to_owned()),
    ] {
        source.gives(nonsense);
        life.clock.advance(COOLDOWN);
        assert!(jwks.current_for("two").await.get("one").is_some());
    }
    assert_eq!(source.asked(), 4);
}

/// The same rhythm in milliseconds.
const QUICK: Pace = Pace {
    refresh: Duration::from_millis(1),
    retry: Duration::from_millis(1),
    fetch_timeout: Duration::from_millis(1),
};

#[tokio::test]
async fn a_key_set_that_never_comes_does_not_hold_a_request_for_ever() {
    let life = life();
    let never: Fetch = Arc::new(|| std::future::pending().boxed());
    let jwks = Jwks::with_pace(OWN, &[Algorithm::ES256], never, &life, QUICK);
    assert!(jwks.current_for("one").await.is_empty());
}

#[tokio::test]
async fn keys_are_asked_for_until_they_come_and_go_when_they_are_taken_back() {
    let (source, life) = (Source::default(), life());
    let jwks = source.jwks_with(&life, QUICK);
    let mut ended = jwks.0.ended.subscribe();
    jwks.keep_fresh();
    ended.changed().await.expect("a first try");
    ended.changed().await.expect("a second try");
    assert!(!jwks.is_present());
    source.gives(Some(TestIssuer::new("one").jwks()));
    while !jwks.is_present() {
        ended.changed().await.expect("another try");
    }
    source.gives(Some(TestIssuer::new("two").jwks()));
    while jwks.current().get("one").is_some() {
        ended.changed().await.expect("another fetch");
    }
    assert!(jwks.current().get("two").is_some());
    life.stop();
    life.finish().await;
}
