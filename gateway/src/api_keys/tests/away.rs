//! While the authorisation server does not answer.

use super::*;

#[tokio::test]
async fn while_nobody_answers_a_known_key_serves_for_ten_minutes_and_an_unknown_one_not_at_all() {
    let source = Source::new();
    let (keys, known) = (source.keys(), ApiKey::random());
    assert!(keys.verify(&known).await.is_ok());
    source.gives(Err("away"));
    let unknown = ApiKey::random();
    assert_eq!(keys.verify(&unknown).await.err(), Some(KeyFault::NoAnswer));
    source.pass(LONGEST - Duration::from_millis(1));
    assert!(keys.verify(&known).await.is_ok());
    source.pass(Duration::from_millis(1));
    assert_eq!(keys.verify(&known).await.err(), Some(KeyFault::NoAnswer));
    source.pass(PAUSE);
    source.gives(Ok(Some(NOW + 86_400)));
    assert!(keys.verify(&known).await.is_ok(), "and is good again");
}

#[tokio::test]
async fn a_key_that_was_said_to_be_nobodys_does_not_serve_again_while_nobody_answers() {
    let source = Source::new();
    let (keys, key) = (source.keys(), ApiKey::random());
    assert!(keys.verify(&key).await.is_ok());
    source.gives(Ok(None));
    source.pass(FRESH);
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::Unknown));
    source.gives(Err("away"));
    source.pass(UNKNOWN);
    assert_eq!(keys.verify(&key).await.err(), Some(KeyFault::NoAnswer));
}

#[tokio::test]
async fn after_a_question_without_an_answer_nobody_waits_for_another_for_a_second() {
    let source = Source::new();
    source.gives(Err("away"));
    let keys = source.keys();
    for _ in 0..10 {
        let refused = keys.verify(&ApiKey::random()).await;
        assert_eq!(refused.err(), Some(KeyFault::NoAnswer));
    }
    assert_eq!(source.asked(), 1);
    source.pass(PAUSE);
    source.gives(Ok(None));
    let refused = keys.verify(&ApiKey::random()).await;
    assert_eq!(refused.err(), Some(KeyFault::Unknown));
}
