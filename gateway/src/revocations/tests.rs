//! What is refused, until when, and what happens when the feed goes away.

use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use service_kit::clock::Clock;
use service_kit::lifecycle::Lifecycle;

use super::follow::{Pace, follow_at};
use super::*;

fn mark() -> Mark {
    Mark {
        token: "t1".into(),
        family: Some("f1".into()),
        subject: "alice".into(),
        issued: 1_000,
    }
}

fn news(revocations: Vec<Revocation>) -> News {
    News {
        position: Position {
            feed: "feed".to_owned(),
            after: 1,
        },
        more: false,
        revocations,
    }
}

fn until(what: What, ends: i64) -> Revocation {
    Revocation { what, ends }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1000)
}

#[test]
fn a_token_is_revoked_by_its_id_its_login_or_its_subject_up_to_a_moment() {
    for (what, expected) in [
        (What::Token("t1".into()), true),
        (What::Token("f1".into()), false),
        (What::Family("f1".into()), true),
        (What::Family("t1".into()), false),
        (What::Subject("alice".into(), 1_000), true),
        (What::Subject("alice".into(), 999), false),
        (What::Subject("bob".into(), 1_000), false),
    ] {
        let revocations = Revocations::unknown();
        assert!(!revocations.hold(&mark()));
        revocations.take(&news(vec![until(what.clone(), 2_000)]), at(1_000));
        assert_eq!(revocations.hold(&mark()), expected, "{what:?}");
    }
    let revocations = Revocations::unknown();
    revocations.take(
        &news(vec![until(What::Family("f1".into()), 2_000)]),
        at(1_000),
    );
    let of_an_application = Mark {
        family: None,
        ..mark()
    };
    assert!(!revocations.hold(&of_an_application));
}

#[test]
fn an_entry_dies_at_its_end_and_not_because_it_is_not_told_again() {
    let revocations = Revocations::unknown();
    let twice = vec![
        until(What::Subject("alice".into(), 1_000), 2_000),
        until(What::Subject("alice".into(), 900), 1_500),
    ];
    revocations.take(&news(twice), at(1_000));
    revocations.take(&news(Vec::new()), at(1_999));
    assert!(revocations.hold(&mark()), "the longer one is in force");
    revocations.take(&news(Vec::new()), at(2_000));
    assert!(!revocations.hold(&mark()), "and over at its end");
}

/// A feed whose answers the test gives, the last one first; without one it is away.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<Vec<News>>>,
    /// From where it was asked, each time.
    asked: watch::Sender<Vec<Option<Position>>>,
}

impl Script {
    /// Waits until it has been asked so often from now on.
    async fn asked_again(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        let enough = asked.borrow().len() + times;
        let asked = asked.wait_for(|asked| asked.len() >= enough).await;
        asked.expect("the follower asks");
    }
}

impl Feed for Script {
    fn after<'a>(&'a self, position: Option<&'a Position>) -> BoxFuture<'a, Result<News, String>> {
        self.asked
            .send_modify(|asked| asked.push(position.cloned()));
        let answer = self.answers.lock().expect("no panic").pop();
        async move { answer.ok_or("away".to_owned()) }.boxed()
    }
}

#[tokio::test]
async fn the_list_is_complete_when_all_pieces_have_come_and_stays_when_the_feed_goes_away() {
    let life = Lifecycle::new(Clock::manual(at(1_000)));
    let (revocations, script) = (Revocations::unknown(), Script::default());
    let quick = Pace {
        retry: Duration::from_millis(1),
        pause: Duration::from_millis(1),
    };
    follow_at(quick, Arc::new(script.clone()), &revocations, &life);
    script.asked_again(3).await;
    assert!(
        !revocations.completed(quick.retry).await,
        "the feed is away"
    );
    let first = News {
        more: true,
        ..news(vec![until(What::Token("t0".into()), 2_000)])
    };
    let second = news(vec![until(What::Token("t1".into()), 2_000)]);
    script
        .answers
        .lock()
        .expect("no panic")
        .extend([second, first]);
    assert!(revocations.completed(Duration::from_secs(9)).await);
    assert!(revocations.hold(&mark()));
    script.asked_again(3).await;
    assert!(revocations.is_complete() && revocations.hold(&mark()));
    let known = Some(news(Vec::new()).position);
    assert_eq!(
        script.asked.borrow().last(),
        Some(&known),
        "it goes on from where it was"
    );
    life.stop();
    life.finish().await;
}
