//! The rows of the threat list that speak of tokens.

mod bound;
mod foreign;
mod header;
mod revoked;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt;
use serde_json::{Value, json};
use service_kit::clock::{Clock, Timestamp};
use service_kit::lifecycle::Lifecycle;

use super::*;
use crate::jwks::Jwks;
use crate::test_issuer::{ALICE, AUDIENCE, ISSUER, NOW, TestIssuer};

#[track_caller]
fn assert_invalid(result: &Result<Arc<Verified>, TokenFault>, what: &str) {
    assert!(
        matches!(result, Err(TokenFault::Invalid(_))),
        "{what}: {result:?}"
    );
}

/// Proves: T3
#[tokio::test]
async fn a_good_token_says_who_its_bearer_is() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let verified = tokens.verify(&issuer.token()).await.expect("a good token");
    assert_eq!(verified.subject, ALICE);
    assert!(verified.has_scope("tours:read") && verified.has_role("user"));
    assert!(!verified.has_scope("tours:rea") && !verified.has_scope("tours:read bookings:read"));
    let several = issuer.token_with("aud", json!(["another", AUDIENCE]));
    assert!(tokens.verify(&several).await.is_ok());
}

#[tokio::test]
async fn a_claim_is_of_its_type_or_the_token_is_refused() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let soon = NOW + 900;
    for (claim, value) in [
        ("exp", json!(soon.to_string())),
        ("exp", json!(soon as f64 + 0.5)),
        ("exp", Value::Null),
        ("exp", json!([soon])),
        ("exp", json!({ "at": soon })),
        ("exp", json!(true)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(NOW.to_string())),
        ("nbf", Value::Null),
        ("nbf", json!([])),
        ("nbf", json!(NOW + 6)),
        ("iat", json!(NOW.to_string())),
        ("iat", Value::Null),
        ("iat", json!(NOW + 6)),
        ("iat", json!(253_402_300_799_i64)),
        ("iat", json!(i64::MIN)),
        ("iss", json!("https://issuer.test/")),
        ("iss", json!("https://evil.test")),
        ("iss", json!([ISSUER])),
        ("iss", Value::Null),
        ("aud", json!("escale-web")),
        ("aud", json!([])),
        ("aud", json!(["escale-api "])),
        ("aud", json!([AUDIENCE, 7])),
        ("aud", Value::Null),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("alice bob")),
        ("sub", json!("alice\r\nx-user-role: admin")),
        ("sub", json!("s".repeat(129))),
        ("jti", json!("")),
        ("jti", json!(7)),
        ("client_id", Value::Null),
        ("scope", json!(["tours:read"])),
        ("scope", json!("tours:read  admin")),
        ("scope", json!("tours:read\nadmin")),
        ("scope", Value::Null),
        ("roles", json!("admin")),
        ("roles", json!(["user admin"])),
        ("roles", Value::Null),
    ] {
        let token = issuer.token_with(claim, value.clone());
        assert_invalid(&tokens.verify(&token).await, &format!("{claim}: {value}"));
    }
    for missing in ["exp", "iat", "iss", "aud", "sub", "jti", "client_id"] {
        let mut claims = issuer.claims();
        claims.as_object_mut().expect("an object").remove(missing);
        let token = issuer.sign(&issuer.header().to_string(), &claims.to_string());
        assert_invalid(&tokens.verify(&token).await, missing);
    }
}

/// Proves: token-claim-types
#[tokio::test]
async fn what_json_writers_cannot_write_is_refused_too() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let (header, claims) = (issuer.header().to_string(), issuer.claims().to_string());
    let inner = |text: &str| text[..text.len() - 1].to_owned();
    for bad in [
        format!("{},\"exp\":{}}}", inner(&claims), NOW + 800),
        format!("{},\"sub\":\"root\"}}", inner(&claims)),
        format!("{},\"nbf\":1e400}}", inner(&claims)),
        format!("{claims}{claims}"),
        "[]".to_owned(),
        "null".to_owned(),
        String::new(),
        format!("{}1{}", "[".repeat(3_000), "]".repeat(3_000)),
    ] {
        assert_invalid(&tokens.verify(&issuer.sign(&header, &bad)).await, &bad);
    }
    let doubled = format!("{},\"alg\":\"none\"}}", inner(&header));
    assert_invalid(
        &tokens.verify(&issuer.sign(&doubled, &claims)).await,
        "two alg",
    );
}

#[tokio::test]
async fn a_token_of_a_wrong_shape_is_refused() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let good = issuer.token();
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    for bad in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!("{message}.{}", "A".repeat(86)),
        format!("{message}.{}", &signature[1..]),
        format!("{}A{message}.{signature}", "e"),
        "a".repeat(64 * 1024),
        format!("{message}.{}", "A".repeat(64 * 1024)),
    ] {
        assert_invalid(
            &tokens.verify(&bad).await,
            &bad.chars().take(60).collect::<String>(),
        );
    }
}

#[tokio::test]
async fn a_token_is_dead_on_the_second_that_it_names_cached_or_not() {
    let issuer = TestIssuer::new("k1");
    let (tokens, life) = issuer.tokens();
    let token = issuer.token();
    life.clock.advance(Duration::from_millis(899_999));
    assert!(tokens.verify(&token).await.is_ok());
    life.clock.advance(Duration::from_millis(1));
    assert_eq!(
        tokens.verify(&token).await,
        Err(TokenFault::Expired),
        "from the cache"
    );
    for exp in [NOW + 899, NOW, 0] {
        let old = issuer.token_with("exp", json!(exp));
        assert_eq!(tokens.verify(&old).await, Err(TokenFault::Expired), "{exp}");
    }
}

#[tokio::test]
async fn an_expired_token_of_somebody_else_is_invalid_and_not_merely_expired() {
    let (issuer, attacker) = (TestIssuer::new("k1"), TestIssuer::new("k1"));
    let (tokens, life) = issuer.tokens();
    life.clock.advance(Duration::from_secs(3_600));
    assert_invalid(&tokens.verify(&attacker.token()).await, "signed by another");
}

#[tokio::test]
async fn a_key_that_is_taken_back_ends_its_cached_tokens() {
    let (first, second) = (TestIssuer::new("first"), TestIssuer::new("second"));
    let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
    let documents = std::sync::Mutex::new(vec![second.jwks(), first.jwks()]);
    let fetch = move || {
        let document = documents.lock().expect("no panic while locked").pop();
        std::future::ready(document.map(Into::into).ok_or("no more".to_owned())).boxed()
    };
    let jwks = Jwks::new(Arc::new(fetch), &life);
    let tokens = Tokens::new(jwks, life.clock.clone(), ISSUER, AUDIENCE);
    let token = first.token();
    assert!(tokens.verify(&token).await.is_ok());
    assert!(tokens.verify(&token).await.is_ok(), "from the cache");
    life.clock.advance(Duration::from_secs(10));
    assert!(
        tokens.verify(&second.token()).await.is_ok(),
        "the new key is fetched"
    );
    assert_invalid(&tokens.verify(&token).await, "its key is gone");
}

#[tokio::test]
async fn without_any_key_nothing_is_said_of_a_token() {
    let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
    let jwks = Jwks::new(
        Arc::new(|| std::future::ready(Err("away".to_owned())).boxed()),
        &life,
    );
    let tokens = Tokens::new(jwks, life.clock.clone(), ISSUER, AUDIENCE);
    assert_eq!(
        tokens.verify(&TestIssuer::new("k1").token()).await,
        Err(TokenFault::NoKeys)
    );
}
