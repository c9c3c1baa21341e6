//! API keys: who makes them, sees them and takes them back. How many there are, and how long one lives,
//! have files of their own.

mod bounds;
mod life;

use axum::body::Body;
use escale_engines::{Engine, on_each_engine};
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use service_kit::api_key::ApiKey;
use uuid::Uuid;

use super::answer::Answer;
use super::service::{PASSWORD, Service};
const DAY: u64 = 24 * 3600;

async fn call(service: &Service, owner: &str, method: &str, path: &str, body: Value) -> Answer {
    call_with(service, owner, "keys", method, path, body).await
}

async fn call_with(
    service: &Service,
    owner: &str,
    scope: &str,
    method: &str,
    path: &str,
    body: Value,
) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("x-user-id", owner)
        .header("x-user-role", "user")
        .header("x-user-scope", scope);
    match body {
        Value::Null => service.send(request, Body::empty()).await,
        body => {
            let request = request.header(CONTENT_TYPE, "application/json");
            service.send(request, body.to_string()).await
        }
    }
}

async fn alice(service: &Service) -> String {
    service.register_alice().await.text("id").to_owned()
}

async fn create(service: &Service, owner: &str) -> Answer {
    let body = json!({"name": "Office de tourisme", "scopes": ["tours:read"]});
    call(service, owner, "POST", "/auth/api-keys", body).await
}

/// What the gateway is told of a key.
async fn holder(service: &Service, key: &str) -> Answer {
    let hash = key.parse::<ApiKey>().expect("a key").hash();
    service.get(&format!("/internal/api-keys/{hash}")).await
}

async fn list(service: &Service, owner: &str) -> Vec<Value> {
    let answer = call(service, owner, "GET", "/auth/api-keys", Value::Null).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.body["items"].as_array().expect("a list").clone()
}

#[on_each_engine]
async fn a_key_is_shown_once_and_listed_by_its_beginning(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made.body["expiresAt"], "2027-04-01T00:00:00.000Z");
    let key = made.text("key").to_owned();
    let listed = list(&service, &alice).await;
    let mut expected = made.body.clone();
    expected.as_object_mut().expect("an object").remove("key");
    assert_eq!(listed, [expected]);
    assert!(key.starts_with(made.text("prefix")) && !listed[0].to_string().contains(&key));
}

/// Proves: R5
#[tokio::test]
async fn the_key_itself_is_not_in_the_database() {
    // Of SQLite, whose files can be read whole; what is stored is the same in both.
    let service = Service::start(Engine::Sqlite).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    let files = service.files();
    let holds = |text: &str| {
        files
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(
        holds(made.text("prefix")),
        "the files are those of the database"
    );
    assert!(!holds(made.text("key")) && !holds(&made.text("key")[4..]));
}

#[on_each_engine]
async fn a_key_that_nobody_made_and_a_text_that_is_no_hash_are_unknown(engine: Engine) {
    let service = Service::start(engine).await;
    let random = ApiKey::random().hash().to_string();
    for hash in [random.as_str(), "x", "%27%20OR%201=1", &"A".repeat(5_000)] {
        let answer = service.get(&format!("/internal/api-keys/{hash}")).await;
        answer.assert_refused(404, "not_found");
    }
}

/// Proves: API1:2019, API1:2023, svc-object-level
#[on_each_engine]
async fn somebody_elses_key_is_neither_shown_nor_revoked(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let body = json!({"pseudo": "bob", "email": "bob@example.org", "password": PASSWORD});
    let bob = service.post("/auth/register", body).await;
    let made = create(&service, &alice).await;
    assert!(list(&service, bob.text("id")).await.is_empty());
    for id in [made.text("id"), &Uuid::new_v4().to_string(), "1", "%00"] {
        let path = format!("/auth/api-keys/{id}");
        let answer = call(&service, bob.text("id"), "DELETE", &path, Value::Null).await;
        answer.assert_refused(404, "not_found");
    }
    assert_eq!(holder(&service, made.text("key")).await.status, 200);
}

#[on_each_engine]
async fn keys_want_a_person_who_exists_and_a_scope_of_their_own(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let body = json!({"name": "n", "scopes": ["tours:read"]});
    let one = format!("/auth/api-keys/{}", Uuid::new_v4());
    for (method, path, body) in [
        ("POST", "/auth/api-keys", body),
        ("GET", "/auth/api-keys", Value::Null),
        ("DELETE", &one, Value::Null),
    ] {
        let refused = call_with(&service, &alice, "profile", method, path, body.clone()).await;
        refused.assert_refused(403, "insufficient_scope");
        for nobody in ["partner", &format!("key:{}", Uuid::new_v4())] {
            let refused = call(&service, nobody, method, path, body.clone()).await;
            refused.assert_refused(403, "role_required");
        }
    }
    let gone = create(&service, &Uuid::new_v4().to_string()).await;
    gone.assert_refused(401, "token_invalid");
}
