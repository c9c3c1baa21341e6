//! API keys: made, shown, taken back, and told to the gateway.

mod bounds;

use axum::body::Body;
use escale_engines::{Engine, on_each_engine};
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use service_kit::api_key::ApiKey;
use uuid::Uuid;

use super::service::{Answer, PASSWORD, Service};
use crate::jobs::prune_api_keys;

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
async fn the_gateway_is_told_whose_a_key_is_until_it_expires(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    let answer = holder(&service, made.text("key")).await;
    let now = service.clock.now().seconds();
    let expected = json!({
        "id": made.text("id"), "owner": alice, "scope": "tours:read",
        "expires": now + 90 * 86_400, "as_of": now,
    });
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &expected));
    service.advance(90 * DAY - 1);
    let almost = service.clock.now();
    assert_eq!(prune_api_keys(&service.state, almost).await.ok(), Some(0));
    assert_eq!(holder(&service, made.text("key")).await.status, 200);
    service.advance(1);
    holder(&service, made.text("key"))
        .await
        .assert_refused(404, "not_found");
    assert!(list(&service, &alice).await.is_empty());
    let now = service.clock.now();
    assert_eq!(prune_api_keys(&service.state, now).await.ok(), Some(1));
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

#[on_each_engine]
async fn a_revoked_key_is_dead_at_once_and_the_gateways_are_told(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    let path = format!("/auth/api-keys/{}", made.text("id"));
    let revoked = call(&service, &alice, "DELETE", &path, Value::Null).await;
    assert_eq!(revoked.status, 204);
    holder(&service, made.text("key"))
        .await
        .assert_refused(404, "not_found");
    assert!(list(&service, &alice).await.is_empty());
    let news = service.get("/internal/revocations").await;
    assert_eq!(news.body["revocations"][0]["kind"], "token");
    assert_eq!(news.body["revocations"][0]["value"], made.text("id"));
    let again = call(&service, &alice, "DELETE", &path, Value::Null).await;
    again.assert_refused(404, "not_found");
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

#[on_each_engine]
async fn the_day_of_the_last_use_is_shown_and_not_the_hour(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    assert_eq!(made.body["lastUsedOn"], Value::Null);
    for (seconds, day) in [(3_600, "2027-01-01"), (DAY, "2027-01-02")] {
        service.advance(seconds);
        for _ in 0..2 {
            assert_eq!(holder(&service, made.text("key")).await.status, 200);
        }
        assert_eq!(list(&service, &alice).await[0]["lastUsedOn"], day);
    }
}

#[on_each_engine]
async fn a_seeded_key_works_and_once_revoked_does_not_come_back_with_the_next_start(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    let key = ApiKey::random();
    let text = secrecy::ExposeSecret::expose_secret(key.reveal());
    service.write_seed(
        &json!({"accounts": [{
            "pseudo": "gina", "email": "gina@example.org", "password": PASSWORD, "roles": ["guide"],
            "api_keys": [{"name": "demo", "key": text, "scopes": ["tours:read"]}],
        }]})
        .to_string(),
    );
    service.reopen(1).await.expect("the service opens");
    let answer = holder(&service, text).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (id, owner) = (answer.text("id"), answer.text("owner"));
    let path = format!("/auth/api-keys/{id}");
    let revoked = call(&service, owner, "DELETE", &path, Value::Null).await;
    assert_eq!(revoked.status, 204);
    service.reopen(1).await.expect("the service opens again");
    holder(&service, text)
        .await
        .assert_refused(404, "not_found");
}
