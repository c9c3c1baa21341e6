//! How long an API key lives, as the gateway is told: until it expires or is revoked, and not while its owner is locked.

use escale_engines::{Engine, on_each_engine};
use serde_json::{Value, json};
use service_kit::api_key::ApiKey;

use super::{DAY, alice, call, create, holder, list};
use crate::jobs::prune_api_keys;
use crate::tests::service::{PASSWORD, Service};

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

/// CVE-2026-16103, for keys: what was begun before the lock must not go on behind it.
#[on_each_engine]
async fn the_keys_of_a_locked_account_are_dead_while_it_is_locked_and_it_makes_none(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let made = create(&service, &alice).await;
    for _ in 0..10 {
        service.login("alice", "not the password at all").await;
    }
    holder(&service, made.text("key"))
        .await
        .assert_refused(404, "not_found");
    create(&service, &alice)
        .await
        .assert_refused(401, "token_invalid");
    service.advance(15 * 60);
    assert_eq!(holder(&service, made.text("key")).await.status, 200);
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
