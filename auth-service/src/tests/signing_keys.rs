//! Signing keys: rotation, the JWKS, the master key that seals them.

use escale_engines::{Engine, on_each_engine};
use service_kit::process::Misconfigured;

use super::service::{CLIENT_SECRET, Service};
use crate::jobs::rotate_signing_keys;

const DAY: u64 = 24 * 3600;

async fn kids(service: &Service) -> Vec<String> {
    let jwks = service.get("/.well-known/jwks.json").await;
    let keys = jwks.body["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned())
        .collect()
}

async fn token(service: &Service) -> String {
    let body = "grant_type=client_credentials&scope=tours:read";
    let answer = service.token(Some(("partner", CLIENT_SECRET)), body).await;
    answer.text("access_token").to_owned()
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token)
        .expect("a token")
        .kid
        .expect("a kid")
}

async fn rotate(service: &Service) {
    rotate_signing_keys(&service.state, service.clock.now())
        .await
        .expect("a rotation");
}

/// Proves: API3:2019
#[on_each_engine]
async fn the_jwks_may_be_cached_and_holds_public_members_only(engine: Engine) {
    let service = Service::start(engine).await;
    let jwks = service.get("/.well-known/jwks.json").await;
    assert_eq!(jwks.header("cache-control"), "public, max-age=300");
    let key = jwks.body["keys"][0].as_object().expect("a key");
    let members: Vec<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
}

#[on_each_engine]
async fn the_next_key_is_shown_before_it_signs_and_the_old_one_until_its_tokens_are_dead(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    let first = kids(&service).await;
    service.advance(29 * DAY);
    rotate(&service).await;
    let both = kids(&service).await;
    assert_eq!((both.len(), &both[0]), (2, &first[0]));
    assert_eq!(
        kid_of(&token(&service).await),
        both[0],
        "the next key does not sign yet"
    );

    service.advance(DAY - 1);
    let last_of_old = token(&service).await;
    service.advance(1);
    rotate(&service).await;
    assert_eq!(kid_of(&token(&service).await), both[1], "now it does");
    assert_eq!(kid_of(&last_of_old), both[0]);
    assert!(
        service.claims(&last_of_old).await.is_some(),
        "the old key still proves its tokens"
    );

    service.advance(2 * 3600);
    rotate(&service).await;
    assert_eq!(kids(&service).await, [both[1].clone()]);
}

#[on_each_engine]
async fn the_same_key_signs_after_a_restart(engine: Engine) {
    let service = Service::start(engine).await;
    let before = kids(&service).await;
    let state = service.reopen(1).await.expect("the service opens again");
    let after: Vec<_> = state.keys.published();
    assert_eq!(serde_json::json!(after)[0]["kid"], before[0]);
    assert_eq!(after.len(), 1);
}

#[on_each_engine]
async fn a_wrong_master_key_stops_the_start_with_one_clear_message_and_changes_nothing(
    engine: Engine,
) {
    let service = Service::start(engine).await;
    let before = kids(&service).await;
    service.advance(29 * DAY);
    let error = service.reopen(2).await.expect_err("the key is wrong");
    assert!(error.chain().any(|cause| cause.is::<Misconfigured>()));
    assert!(
        error.to_string().starts_with("AUTH_MASTER_KEY: "),
        "{error}"
    );
    rotate(&service).await;
    assert_eq!(kids(&service).await[0], before[0]);
}

#[on_each_engine]
async fn a_key_that_was_put_into_the_table_by_hand_is_not_published(engine: Engine) {
    let service = Service::start(engine).await;
    sqlx::query("INSERT INTO signing_keys VALUES ('mine', 99, 'v1.AAAA', 0)")
        .execute(service.state.store.pool())
        .await
        .expect("an insert");
    let rotated = rotate_signing_keys(&service.state, service.clock.now()).await;
    assert!(rotated.is_err());
    assert_eq!(kids(&service).await.len(), 1);
    assert!(
        service.claims(&token(&service).await).await.is_some(),
        "the keys in memory serve on"
    );
}
