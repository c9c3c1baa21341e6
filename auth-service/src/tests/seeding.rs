//! Accounts and clients that the seed file asks for.

use escale_engines::{Engine, on_each_engine};
use service_kit::process::Misconfigured;

use super::service::{CLIENT_SECRET, SEED, Service};

#[on_each_engine]
async fn a_seeded_admin_can_log_in_with_the_role(engine: Engine) {
    let service = Service::start(engine).await;
    let answer = service.login("admin", "a long enough password").await;
    let claims = service
        .claims(answer.text("access_token"))
        .await
        .expect("a valid token");
    assert_eq!(claims.roles, ["admin"]);
    assert!(claims.scope.contains("tours:write"));
}

#[on_each_engine]
async fn what_exists_already_is_left_alone_at_the_next_start(engine: Engine) {
    let service = Service::start(engine).await;
    for change in [
        "UPDATE accounts SET role = 'user'",
        "UPDATE clients SET scopes = 'profile'",
    ] {
        sqlx::query(change)
            .execute(service.state.store.pool())
            .await
            .expect("an update");
    }
    service.reopen(1).await.expect("the service opens again");
    let answer = service.login("admin", "a long enough password").await;
    let claims = service
        .claims(answer.text("access_token"))
        .await
        .expect("a valid token");
    assert_eq!(claims.roles, ["user"]);
    let body = "grant_type=client_credentials&scope=tours:read";
    let refused = service.token(Some(("partner", CLIENT_SECRET)), body).await;
    refused.assert_oauth_error(400, "invalid_scope");
}

#[on_each_engine]
async fn a_seed_with_a_fault_stops_the_start_and_creates_nothing(engine: Engine) {
    let service = Service::start(engine).await;
    let bad = SEED.replace("admin@example.org", "no address");
    service.write_seed(&bad.replace("\"admin\"", "\"second\""));
    let error = service.reopen(1).await.expect_err("two faults");
    assert!(error.is::<Misconfigured>());
    assert!(error.to_string().contains("accounts[0].email"), "{error}");
    assert!(error.to_string().contains("accounts[0].roles"), "{error}");
    let answer = service.login("second", "a long enough password").await;
    answer.assert_refused(401, "credentials_invalid");
}
