//! When the authorisation server is asked, and what holds while it does not answer.

mod away;
mod source;

use futures_util::FutureExt;

use super::*;
use crate::revocations::What;
use crate::test_issuer::{ALICE, NOW};
use source::{ID, Source};

#[tokio::test]
async fn a_known_key_is_asked_for_once_in_half_a_minute_and_an_unknown_one_once_in_five_seconds() {
    for (answer, span) in [(Some(NOW + 86_400), FRESH), (None, UNKNOWN)] {
        let source = Source::new();
        source.gives(Ok(answer));
        let (keys, key) = (source.keys(), ApiKey::random());
        for _ in 0..100 {
            assert_eq!(keys.verify(&key).await.is_ok(), answer.is_some());
        }
        assert_eq!(source.asked(), 1);
        source.pass(span);
        assert_eq!(keys.verify(&key).await.is_ok(), answer.is_some());
        assert_eq!(source.asked(), 2);
    }
}

#[tokio::test]
async fn a_hundred_requests_with_one_key_ask_one_question_and_all_get_its_answer() {
    let source = Source::new();
    source.open.send_replace(false);
    let (keys, key) = (source.keys(), ApiKey::random());
    let requests = futures_util::future::join_all((0..100).map(|_| keys.verify(&key)));
    let (answers, ()) = tokio::join!(requests, async {
        tokio::task::yield_now().await;
        source.open.send_replace(true);
    });
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(source.asked(), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_takes_the_answer_from_nobody() {
    let source = Source::new();
    source.open.send_replace(false);
    let (keys, key) = (source.keys(), ApiKey::random());
    assert!(
        keys.verify(&key).now_or_never().is_none(),
        "it waits, and goes"
    );
    source.open.send_replace(true);
    assert!(keys.verify(&key).await.is_ok());
    assert_eq!(source.asked(), 1);
}

/// Proves: API4:2023
#[tokio::test]
async fn a_flood_of_made_up_keys_has_a_bound_and_known_keys_serve_on() {
    let source = Source::new();
    let (keys, known) = (source.keys(), ApiKey::random());
    assert!(keys.verify(&known).await.is_ok());
    source.open.send_replace(false);
    for _ in 0..1_000 {
        let _ = keys.verify(&ApiKey::random()).now_or_never();
    }
    // As often as tasks are under way: each has had its turn then.
    for _ in 0..MOST_QUESTIONS {
        tokio::task::yield_now().await;
    }
    assert_eq!(source.asked(), 1 + MOST_QUESTIONS);
    let one_more = keys.verify(&ApiKey::random()).now_or_never();
    assert_eq!(one_more.expect("at once").err(), Some(KeyFault::NoAnswer));
    for span in [Duration::ZERO, FRESH] {
        source.pass(span);
        let known = keys.verify(&known).now_or_never().expect("at once");
        assert!(known.is_ok(), "{known:?}");
    }
}

#[tokio::test]
async fn a_key_is_dead_on_the_second_of_its_end_however_fresh_the_answer() {
    let source = Source::new();
    source.gives(Ok(Some(NOW + 10)));
    let (keys, key) = (source.keys(), ApiKey::random());
    source.pass(Duration::from_millis(9_999));
    assert!(keys.verify(&key).await.is_ok());
    source.pass(Duration::from_millis(1));
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Expired));
    assert_eq!(source.asked(), 1);
}

#[tokio::test]
async fn a_revoked_key_is_refused_remembered_or_not_and_also_by_an_answer_from_before() {
    let source = Source::new();
    let (keys, key) = (source.keys(), ApiKey::random());
    assert!(keys.verify(&key).await.is_ok());
    source.revoke(What::Token(ID.into()));
    // An answer that was on its way when the key was revoked still calls it good.
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Revoked));
    source.gives(Err("away"));
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Revoked));
    source.pass(PAUSE);
    source.gives(Ok(None));
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Unknown));
}

#[tokio::test]
async fn what_took_back_all_of_an_owner_makes_his_keys_be_asked_for_anew() {
    let source = Source::new();
    let (keys, key) = (source.keys(), ApiKey::random());
    assert!(keys.verify(&key).await.is_ok());
    source.revoke(What::Subject(ALICE.into(), NOW));
    source.pass(Duration::from_secs(1));
    assert!(
        keys.verify(&key).await.is_ok(),
        "good still, says who knows"
    );
    assert_eq!(source.asked(), 2);
    source.gives(Ok(None));
    source.revoke(What::Subject(ALICE.into(), NOW + 1));
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Unknown));
}

#[test]
fn no_answer_outlives_the_memory_of_revocations() {
    // 16 minutes less the second that a revocation may take.
    assert!(LONGEST < Duration::from_secs(15 * 60) && FRESH < LONGEST);
}

#[tokio::test]
async fn until_the_revocations_have_come_nothing_is_said() {
    let mut source = Source::new();
    source.revocations = Revocations::unknown();
    let (keys, key) = (source.keys(), ApiKey::random());
    let (waiting, ()) = tokio::join!(keys.verify(&key), async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(source.asked(), 0, "and nothing is asked");
        source.revoke(What::Token("another".into()));
    });
    assert!(waiting.is_ok(), "{waiting:?}");
}
