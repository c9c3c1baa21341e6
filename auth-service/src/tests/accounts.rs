//! Registering, and one's own account.

use axum::body::Body;
use escale_engines::{Engine, on_each_engine};
use http::Request;
use serde_json::json;

use super::answer::Answer;
use super::service::{EMAIL, PASSWORD, SEED, Service};

async fn me(service: &Service, subject: &str, scope: &str) -> Answer {
    let request = Request::get("/auth/me")
        .header("x-user-id", subject)
        .header("x-user-role", "user")
        .header("x-user-scope", scope);
    service.send(request, Body::empty()).await
}

#[on_each_engine]
async fn who_registers_is_a_user_and_reads_the_address_back(engine: Engine) {
    let service = Service::start(engine).await;
    let answer = service.register_alice().await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.body["roles"], json!(["user"]));
    assert_eq!(answer.body["createdAt"], "2027-01-01T00:00:00.000Z");
    assert_eq!(answer.header("cache-control"), "no-store");
    let mine = me(&service, answer.text("id"), "profile").await;
    assert_eq!((mine.status.as_u16(), &mine.body), (200, &answer.body));
    assert_eq!(mine.text("email"), EMAIL);
}

/// Proves: API6:2019, API3:2023, svc-mass-assignment
#[on_each_engine]
async fn a_role_in_the_body_is_refused_and_nothing_is_created(engine: Engine) {
    let service = Service::start(engine).await;
    for extra in ["role", "roles", "id", "createdAt"] {
        let mut body = json!({"pseudo": "mallory", "email": "m@example.org", "password": PASSWORD});
        body[extra] = json!("admin");
        let answer = service.post("/auth/register", body).await;
        answer.assert_refused(400, "invalid_data");
        assert_eq!(answer.body["errors"][0]["code"], "unknown_field");
    }
    service
        .login("mallory", PASSWORD)
        .await
        .assert_refused(401, "credentials_invalid");
}

#[on_each_engine]
async fn pseudo_and_address_are_unique_whatever_their_case(engine: Engine) {
    let service = Service::start(engine).await;
    assert_eq!(service.register_alice().await.status, 201);
    for (pseudo, email, code) in [
        ("ALICE", "other@example.org", "pseudo_taken"),
        ("alicia", "ALICE.martin@Example.org", "email_taken"),
    ] {
        let body = json!({"pseudo": pseudo, "email": email, "password": "another long password"});
        service
            .post("/auth/register", body)
            .await
            .assert_refused(409, code);
    }
}

/// Proves: R4, R5
#[tokio::test]
async fn neither_address_nor_password_nor_token_nor_secret_can_be_read_in_the_database() {
    // Of SQLite, whose files can be read whole; what is stored is the same in both.
    let service = Service::start(Engine::Sqlite).await;
    assert_eq!(service.register_alice().await.status, 201);
    let tokens = service.login(EMAIL, PASSWORD).await;
    assert!(SEED.contains(super::service::CLIENT_SECRET));
    let files = service.files();
    let holds = |text: &str| {
        files
            .windows(text.len())
            .any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
    };
    assert!(holds("Alice"), "the files are those of the database");
    for canary in [
        EMAIL,
        "alice.martin",
        PASSWORD,
        tokens.text("refresh_token"),
        super::service::CLIENT_SECRET,
    ] {
        assert!(!holds(canary), "{canary}");
    }
}

#[on_each_engine]
async fn ones_own_account_needs_the_scope_and_a_user_who_still_exists(engine: Engine) {
    let service = Service::start(engine).await;
    let id = service.register_alice().await.text("id").to_owned();
    me(&service, &id, "tours:read")
        .await
        .assert_refused(403, "insufficient_scope");
    me(&service, "partner", "profile")
        .await
        .assert_refused(403, "role_required");
    let nobody = uuid::Uuid::new_v4().to_string();
    me(&service, &nobody, "profile")
        .await
        .assert_refused(401, "token_invalid");
    service
        .get("/auth/me")
        .await
        .assert_refused(401, "identity_missing");
}
