//! Refresh tokens: rotation, reuse, lock, role, expiry, logout, pruning.

use escale_engines::{Engine, on_each_engine};
use serde_json::json;

use super::answer::Answer;
use super::service::{PASSWORD, Service};
use crate::jobs::prune_refresh_tokens;

const DAY: u64 = 24 * 3600;

async fn logged_in(engine: Engine) -> (Service, String) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let token = service
        .login("alice", PASSWORD)
        .await
        .text("refresh_token")
        .to_owned();
    (service, token)
}

fn refused(answer: &Answer) {
    answer.assert_refused(401, "refresh_token_invalid");
}

async fn rows(service: &Service) -> i64 {
    sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM refresh_tokens) + (SELECT COUNT(*) FROM refresh_families)",
    )
    .fetch_one(service.state.store.pool())
    .await
    .expect("a count")
}

#[on_each_engine]
async fn a_refresh_gives_a_new_pair_of_the_same_family(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    service.advance(60);
    let answer = service.refresh(&first).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_ne!(answer.text("refresh_token"), first);
    let before = service
        .claims(answer.text("access_token"))
        .await
        .expect("a valid token");
    let again = service.refresh(answer.text("refresh_token")).await;
    let after = service
        .claims(again.text("access_token"))
        .await
        .expect("a valid token");
    assert_eq!(before.sid, after.sid);
    assert_ne!(before.jti, after.jti);
}

/// Proves: as-refresh
#[on_each_engine]
async fn two_refreshes_at_once_give_one_successor(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    let (one, two) = tokio::join!(service.refresh(&first), service.refresh(&first));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (200, 200));
    assert_eq!(one.text("refresh_token"), two.text("refresh_token"));
    service.advance(10);
    let third = service.refresh(&first).await;
    assert_eq!(third.text("refresh_token"), one.text("refresh_token"));
    service.advance(600);
    assert_eq!(service.refresh(one.text("refresh_token")).await.status, 200);
}

/// Proves: as-refresh
#[on_each_engine]
async fn a_late_reuse_ends_the_whole_family_and_no_other(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    let other = service
        .login("alice", PASSWORD)
        .await
        .text("refresh_token")
        .to_owned();
    let second = service
        .refresh(&first)
        .await
        .text("refresh_token")
        .to_owned();
    service.advance(11);
    let reused = service.refresh(&first).await;
    refused(&reused);
    assert!(
        reused
            .logged
            .is_some_and(|cause| cause.contains("used again"))
    );
    refused(&service.refresh(&second).await);
    assert_eq!(service.refresh(&other).await.status, 200);
}

/// Proves: as-lockout
#[on_each_engine]
async fn a_lock_holds_at_refresh_and_uses_nothing_up(engine: Engine) {
    let (service, token) = logged_in(engine).await;
    for _ in 0..10 {
        service.login("alice", "a wrong long password").await;
    }
    let locked = service.refresh(&token).await;
    refused(&locked);
    assert!(locked.logged.is_some_and(|cause| cause.ends_with("locked")));
    service.advance(15 * 60);
    assert_eq!(service.refresh(&token).await.status, 200);
}

#[on_each_engine]
async fn the_role_is_read_again_at_each_refresh(engine: Engine) {
    let (service, token) = logged_in(engine).await;
    sqlx::query("UPDATE accounts SET role = 'guide'")
        .execute(service.state.store.pool())
        .await
        .expect("an update");
    let answer = service.refresh(&token).await;
    let claims = service
        .claims(answer.text("access_token"))
        .await
        .expect("a valid token");
    assert_eq!(claims.roles, ["guide"]);
    assert!(answer.text("scope").contains("tours:write"));
}

/// Proves: R8, T5
#[on_each_engine]
async fn an_idle_token_dies_after_seven_days_and_a_busy_family_after_thirty(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    service.advance(7 * DAY);
    refused(&service.refresh(&first).await);

    let mut token = service
        .login("alice", PASSWORD)
        .await
        .text("refresh_token")
        .to_owned();
    for _ in 0..4 {
        service.advance(6 * DAY);
        token = service
            .refresh(&token)
            .await
            .text("refresh_token")
            .to_owned();
    }
    service.advance(4 * DAY);
    let last = service.refresh(&token).await;
    assert_eq!(last.body["refresh_expires_in"], 2 * DAY, "{last:?}");
    service.advance(2 * DAY);
    refused(&service.refresh(last.text("refresh_token")).await);
}

#[on_each_engine]
async fn logout_ends_the_family_and_never_complains_about_a_token(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    let second = service
        .refresh(&first)
        .await
        .text("refresh_token")
        .to_owned();
    for token in [second.as_str(), &second, "unknown", &"A".repeat(43)] {
        let answer = service
            .post("/auth/logout", json!({"refresh_token": token}))
            .await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    refused(&service.refresh(&second).await);
    refused(&service.refresh(&first).await);
}

#[on_each_engine]
async fn what_was_never_issued_is_refused_like_what_is_no_longer_good(engine: Engine) {
    let service = Service::start(engine).await;
    for token in ["", "x", &"A".repeat(43), "é"] {
        refused(&service.refresh(token).await);
    }
    let missing = service.post("/auth/refresh", json!({})).await;
    missing.assert_refused(400, "invalid_data");
    assert_eq!(missing.body["errors"][0]["pointer"], "/refresh_token");
}

#[on_each_engine]
async fn the_dead_are_pruned_and_a_used_token_still_tells_of_its_reuse(engine: Engine) {
    let (service, first) = logged_in(engine).await;
    let second = service
        .refresh(&first)
        .await
        .text("refresh_token")
        .to_owned();
    service.advance(DAY);
    assert_eq!(
        prune_refresh_tokens(&service.state, service.clock.now())
            .await
            .ok(),
        Some(0)
    );
    refused(&service.refresh(&first).await);
    refused(&service.refresh(&second).await);
    assert_eq!(rows(&service).await, 3);
    assert_eq!(
        prune_refresh_tokens(&service.state, service.clock.now())
            .await
            .ok(),
        Some(3)
    );
    service.login("alice", PASSWORD).await;
    service.advance(7 * DAY + 60);
    assert_eq!(
        prune_refresh_tokens(&service.state, service.clock.now())
            .await
            .ok(),
        Some(2)
    );
    assert_eq!(rows(&service).await, 0);
}
