//! Login, and the lock on an account that is being guessed at.

use escale_engines::{Engine, on_each_engine};
use serde_json::json;
use service_kit::aside::Aside;

use super::answer::Answer;
use super::service::{EMAIL, PASSWORD, Service};

const WRONG: &str = "a wrong long password";

/// All that a client can tell two answers apart by: what the gateway leaves of them.
fn seen(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let mut body = answer.body.clone();
    body["requestId"] = json!(null);
    let mut headers = answer.headers.clone();
    Aside::take_from(&mut headers);
    let headers = headers.iter().map(|(name, value)| {
        (
            name.to_string(),
            value.to_str().unwrap_or_default().to_owned(),
        )
    });
    (answer.status.as_u16(), body.to_string(), headers.collect())
}

async fn lock_alice(service: &Service) {
    for _ in 0..10 {
        service
            .login("alice", WRONG)
            .await
            .assert_refused(401, "credentials_invalid");
    }
}

#[on_each_engine]
async fn a_login_by_pseudo_or_address_in_any_case_gives_tokens_for_that_user(engine: Engine) {
    let service = Service::start(engine).await;
    let id = service.register_alice().await.text("id").to_owned();
    for name in ["alice", "ALICE", EMAIL, "alice.MARTIN@example.org"] {
        let answer = service.login(name, PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.body["token_type"], "Bearer");
        assert_eq!(answer.body["expires_in"], 900);
        assert_eq!(answer.body["refresh_expires_in"], 7 * 24 * 3600);
        let claims = service
            .claims(answer.text("access_token"))
            .await
            .expect("a valid token");
        assert_eq!(
            (claims.sub.as_str(), claims.client_id.as_str()),
            (id.as_str(), "escale-web")
        );
        assert_eq!(claims.roles, ["user"]);
        assert_eq!(claims.scope, answer.text("scope"));
        assert_eq!(claims.exp - claims.iat, 900);
        assert!(claims.sid.is_some());
    }
}

/// Proves: as-brute-force
#[on_each_engine]
async fn unknown_user_wrong_password_and_locked_account_are_indistinguishable(engine: Engine) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let unknown = service.login("nobody", WRONG).await;
    let wrong = service.login("alice", WRONG).await;
    unknown.assert_refused(401, "credentials_invalid");
    lock_alice(&service).await;
    let locked = service.login("alice", PASSWORD).await;
    assert_eq!(seen(&unknown), seen(&wrong));
    assert_eq!(seen(&unknown), seen(&locked));
    let causes = [unknown, wrong, locked].map(|answer| answer.logged.expect("a cause for the log"));
    assert_eq!(causes[0], "no such account");
    assert!(causes[1].ends_with("wrong password, attempt 1") && causes[2].ends_with("locked"));
    assert!(
        causes
            .iter()
            .all(|cause| !cause.to_lowercase().contains("alice"))
    );
}

#[on_each_engine]
async fn an_unknown_name_costs_the_same_counted_attempt(engine: Engine) {
    let service = Service::start(engine).await;
    for name in ["nobody", "nobody@example.org"] {
        service
            .login(name, WRONG)
            .await
            .assert_refused(401, "credentials_invalid");
    }
    let counted: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM login_attempts WHERE subject LIKE 'decoy-%'")
            .fetch_one(service.state.store.pool())
            .await
            .expect("a sum");
    assert_eq!(counted, 2);
}

#[on_each_engine]
async fn ten_failures_in_a_row_lock_for_fifteen_minutes_and_more_do_not_make_it_longer(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    lock_alice(&service).await;
    service.advance(14 * 60);
    service
        .login("alice", PASSWORD)
        .await
        .assert_refused(401, "credentials_invalid");
    service.advance(60);
    assert_eq!(service.login("alice", PASSWORD).await.status, 200);
}

#[on_each_engine]
async fn a_success_starts_the_count_again_and_so_does_the_end_of_a_lock(engine: Engine) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    for _ in 0..9 {
        service.login("alice", WRONG).await;
    }
    assert_eq!(service.login("alice", PASSWORD).await.status, 200);
    service.login("alice", WRONG).await;
    assert_eq!(service.login("alice", PASSWORD).await.status, 200);
    lock_alice(&service).await;
    service.advance(15 * 60);
    service.login("alice", WRONG).await;
    assert_eq!(service.login("alice", PASSWORD).await.status, 200);
}

/// Proves: as-brute-force
#[on_each_engine]
async fn guesses_sent_at_once_do_not_overtake_the_counter(engine: Engine) {
    let service = Service::start(engine).await;
    service.register_alice().await;
    let guesses = (0..14).map(|_| {
        let state = service.state.clone();
        tokio::spawn(async move { crate::grants::login(&state, "alice", &WRONG.into()).await })
    });
    let mut admitted = 0;
    for guess in guesses.collect::<Vec<_>>() {
        let error = guess
            .await
            .expect("no panic")
            .expect_err("a wrong password");
        admitted += i32::from(error.to_string().contains("wrong password"));
    }
    assert_eq!(admitted, 10);
    service
        .login("alice", PASSWORD)
        .await
        .assert_refused(401, "credentials_invalid");
}

#[on_each_engine]
async fn a_login_without_password_or_with_an_endless_one_is_told_so(engine: Engine) {
    let service = Service::start(engine).await;
    for body in [
        json!({"pseudo": "alice"}),
        json!({"pseudo": "alice", "password": "x".repeat(129)}),
        json!({"pseudo": "a".repeat(255), "password": PASSWORD}),
        json!({"pseudo": "alice", "password": PASSWORD, "role": "admin"}),
    ] {
        service
            .post("/auth/login", body)
            .await
            .assert_refused(400, "invalid_data");
    }
}
