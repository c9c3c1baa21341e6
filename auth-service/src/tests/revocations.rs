//! What is handed on to the gateways, to whom, in which order, and for how long.

use escale_engines::{Engine, on_each_engine};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::service::{PASSWORD, Service};
use crate::domain::revocation::Revoked;
use crate::jobs::prune_revocations;

/// An answer's news: (kind, value) of each, and the position to ask from next.
async fn news(service: &Service, query: &str) -> (Vec<(String, String)>, Value) {
    let answer = service.get(&format!("/internal/revocations{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = answer.body["revocations"].as_array().expect("a list");
    let named = list
        .iter()
        .map(|one| (text(&one["kind"]), text(&one["value"])));
    (named.collect(), answer.body.clone())
}

fn behind(body: &Value) -> String {
    let feed = body["feed"].as_str().expect("a feed");
    format!("?feed={feed}&after={}", body["last"])
}

async fn login(service: &Service) -> (String, Uuid) {
    let answer = service.login("alice", PASSWORD).await;
    let claims = service.claims(answer.text("access_token")).await;
    let family = claims.expect("a valid token").sid.expect("a family");
    (answer.text("refresh_token").to_owned(), family)
}

async fn revoke(service: &Service, revoked: &Revoked) {
    let (state, now) = (&service.state, service.clock.now());
    let mut write = state.store.write().await.expect("a transaction");
    let inserted = state.revocations.insert(&mut write, revoked, now).await;
    inserted.expect("a revocation");
    write.commit().await.expect("a commit");
    state.revocations.ring();
}

#[on_each_engine]
async fn logout_takes_the_access_tokens_of_its_family_back_once(engine: Engine) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let (refresh, family) = login(&service).await;
    login(&service).await;
    for _ in 0..2 {
        let body = json!({"refresh_token": refresh});
        assert_eq!(service.post("/auth/logout", body).await.status, 204);
    }
    let (named, body) = news(&service, "").await;
    assert_eq!(named, [("family".to_owned(), family.to_string())]);
    let ends = body["revocations"][0]["ends"].as_i64().expect("a number");
    assert!(ends > service.clock.now().seconds() + 900);
}

#[on_each_engine]
async fn a_reused_refresh_token_takes_the_access_tokens_of_its_family_back(engine: Engine) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let (first, family) = login(&service).await;
    service.refresh(&first).await;
    service.advance(11);
    service
        .refresh(&first)
        .await
        .assert_refused(401, "refresh_token_invalid");
    let (named, _) = news(&service, "").await;
    assert_eq!(named, [("family".to_owned(), family.to_string())]);
}

#[on_each_engine]
async fn who_asks_from_a_position_gets_what_came_after_it_and_waits_for_it(engine: Engine) {
    let service = Service::start(engine).await;
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    revoke(&service, &Revoked::Token(first)).await;
    let (named, body) = news(&service, "").await;
    assert_eq!(named, [("token".to_owned(), first.to_string())]);
    let until = service.clock.now();
    let query = behind(&body);
    let (waited, ()) = tokio::join!(news(&service, &query), async {
        // The question waits by now, or will find it at once: either way it must not wait to its end.
        tokio::task::yield_now().await;
        revoke(
            &service,
            &Revoked::Subject {
                sub: "app".to_owned(),
                until,
            },
        )
        .await;
    });
    assert_eq!(waited.0, [("subject".to_owned(), "app".to_owned())]);
    assert_eq!(waited.1["revocations"][0]["issued_until"], until.seconds());
    revoke(&service, &Revoked::Token(second)).await;
    assert_eq!(news(&service, &behind(&waited.1)).await.0.len(), 1);
    assert_eq!(
        news(&service, "").await.0.len(),
        3,
        "a gateway that has just started"
    );
}

#[on_each_engine]
async fn a_revocation_of_another_instance_is_seen_within_a_second(engine: Engine) {
    let service = Service::start(engine).await;
    let other = service.reopen(1).await.expect("the same database");
    let (_, body) = news(&service, "").await;
    let query = behind(&body);
    let begun = Instant::now();
    let (waited, ()) = tokio::join!(news(&service, &query), async {
        let mut write = other.store.write().await.expect("a transaction");
        let token = Revoked::Token(Uuid::new_v4());
        let now = service.clock.now();
        other
            .revocations
            .insert(&mut write, &token, now)
            .await
            .expect("a revocation");
        write.commit().await.expect("a commit");
        other.revocations.ring();
    });
    assert_eq!(waited.0.len(), 1);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[on_each_engine]
async fn a_position_of_another_database_begins_anew(engine: Engine) {
    let service = Service::start(engine).await;
    revoke(&service, &Revoked::Token(Uuid::new_v4())).await;
    let (_, body) = news(&service, "").await;
    let feed = body["feed"].as_str().expect("a feed");
    for query in [
        format!("?feed={}&after=1", Uuid::new_v4()),
        // As after a backup was put back: this feed has not come so far yet.
        format!("?feed={feed}&after=9"),
        format!("?feed={feed}"),
    ] {
        assert_eq!(news(&service, &query).await.0.len(), 1, "{query}");
    }
    for bad in ["?feed=x&after=1", "?after=-1", "?other=1"] {
        let answer = service.get(&format!("/internal/revocations{bad}")).await;
        answer.assert_refused(400, "invalid_query");
    }
}

#[on_each_engine]
async fn many_revocations_come_in_pieces_and_none_is_lost(engine: Engine) {
    let service = Service::start(engine).await;
    let (state, now) = (&service.state, service.clock.now());
    let mut write = state.store.write().await.expect("a transaction");
    for _ in 0..1_001 {
        let token = Revoked::Token(Uuid::new_v4());
        state
            .revocations
            .insert(&mut write, &token, now)
            .await
            .expect("a revocation");
    }
    write.commit().await.expect("a commit");
    let (first, body) = news(&service, "").await;
    assert_eq!((first.len(), &body["more"]), (1_000, &json!(true)));
    let (second, body) = news(&service, &behind(&body)).await;
    assert_eq!((second.len(), &body["more"]), (1, &json!(false)));
}

#[on_each_engine]
async fn a_revocation_dies_with_the_last_token_that_it_touches(engine: Engine) {
    let service = Service::start(engine).await;
    revoke(&service, &Revoked::Token(Uuid::new_v4())).await;
    service.advance(900);
    let now = service.clock.now();
    assert_eq!(prune_revocations(&service.state, now).await.ok(), Some(0));
    assert_eq!(news(&service, "").await.0.len(), 1);
    service.advance(60);
    assert_eq!(
        news(&service, "").await.0.len(),
        0,
        "not handed on any more"
    );
    let now = service.clock.now();
    assert_eq!(prune_revocations(&service.state, now).await.ok(), Some(1));
}

#[on_each_engine]
async fn a_stop_lets_waiting_questions_go(engine: Engine) {
    let service = Service::start(engine).await;
    let (_, body) = news(&service, "").await;
    service.state.revocations.stop();
    let begun = Instant::now();
    assert!(news(&service, &behind(&body)).await.0.is_empty());
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
