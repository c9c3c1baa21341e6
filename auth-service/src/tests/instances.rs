//! Several instances of the service on one database, as while one is being replaced by the next.

use std::time::Duration;

use escale_engines::{Engine, on_each_engine};

use super::service::{PASSWORD, Service};
use crate::domain::refresh_token::{IDLE_LIFE, RefreshToken};
use crate::jobs::{prune_refresh_tokens, rotate_signing_keys};
use crate::state::AppState;
use crate::store::refresh_tokens;

const DAY: u64 = 24 * 3600;

fn kids(state: &AppState) -> Vec<String> {
    let published = serde_json::json!(state.keys.published());
    let keys = published.as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned())
        .collect()
}

async fn count(service: &Service, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(service.state.store.pool())
        .await
        .expect("a count")
}

/// PostgreSQL alone: a SQLite file has one service.
#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_together_share_one_key_one_feed_and_one_seed() {
    if !Engine::Postgresql.is_lent().await {
        return;
    }
    let (service, others) = Service::start_several(Engine::Postgresql, 4).await;
    for other in &others {
        assert_eq!(kids(other), kids(&service.state));
        other.revocations.ring();
    }
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM signing_keys", 1),
        ("SELECT COUNT(*) FROM revocation_feed", 1),
        ("SELECT COUNT(*) FROM accounts", 1),
        ("SELECT COUNT(*) FROM clients", 1),
    ] {
        assert_eq!(count(&service, sql).await, expected, "{sql}");
    }
}

#[on_each_engine(flavor = "multi_thread")]
async fn instances_that_rotate_at_one_moment_make_one_key(engine: Engine) {
    let service = Service::start(engine).await;
    let other = service.reopen(1).await.expect("a second instance");
    let first = kids(&service.state);
    service.advance(29 * DAY);
    let now = service.clock.now();
    let rotating = other.clone();
    let second = tokio::spawn(async move { rotate_signing_keys(&rotating, now).await });
    let rotated = rotate_signing_keys(&service.state, now).await;
    rotated.expect("a rotation");
    second.await.expect("no panic").expect("a rotation");
    assert_eq!(kids(&service.state).len(), 2);
    assert_eq!(kids(&service.state)[0], first[0]);
    assert_eq!(kids(&service.state), kids(&other));
}

/// A refresh is in the middle of its transaction when its token's time ends and another instance clears away.
#[on_each_engine(flavor = "multi_thread")]
async fn a_refresh_in_the_last_moment_and_the_job_that_prunes_do_not_wait_for_each_other(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let login = service.login("alice", PASSWORD).await;
    let token = RefreshToken::parse(login.text("refresh_token")).expect("a token");
    let other = service.reopen(1).await.expect("a second instance");
    service.clock.advance(IDLE_LIFE - Duration::from_millis(1));
    let mut write = service.state.store.write().await.expect("a transaction");
    let now = service.clock.now();
    let found = refresh_tokens::present(&mut write, &token.hash(), now).await;
    assert!(found.expect("the store").is_some());

    service.clock.advance(Duration::from_millis(1));
    let later = service.clock.now();
    let mut pruning = tokio::spawn(async move { prune_refresh_tokens(&other, later).await });
    // It comes to its end, or to where it has to wait.
    let pruned = tokio::time::timeout(Duration::from_millis(300), &mut pruning).await;
    let used = refresh_tokens::mark_used(&mut write, &token.hash(), now).await;
    used.expect("nobody waits for a refresh");
    write.commit().await.expect("a commit");
    let pruned = match pruned {
        Ok(pruned) => pruned,
        Err(_) => pruning.await,
    };
    assert_eq!(pruned.expect("no panic").expect("no deadlock"), 0);
}
