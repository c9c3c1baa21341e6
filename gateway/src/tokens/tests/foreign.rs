//! Tokens of a further issuer: its rules, and nothing that it could gain by being let in.

mod subjects;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use jsonwebtoken::Algorithm;

use super::*;
use crate::issuers::mapping::{Mapping, user_id};
use crate::jail::Inmate;
use crate::limits::Key;
use crate::test_issuer::none_revoked;

const SSO: &str = "https://sso.test/realms/r";
const API: &str = "escale";

fn rules(algorithms: &[Algorithm]) -> Rules {
    Rules {
        issuer: SSO.to_owned(),
        audience: API.to_owned(),
        algorithms: algorithms.to_vec(),
        types: vec!["jwt".to_owned(), "at+jwt".to_owned()],
        longest_life: 3_600,
        mapping: Some(Mapping {
            scope_claim: "scope".to_owned(),
            scopes: vec!["tours:read".to_owned()],
            roles_path: vec!["realm_access".to_owned(), "roles".to_owned()],
            roles: [("traveller".to_owned(), "user".to_owned())].into(),
        }),
    }
}

/// A gateway that takes our own issuer's tokens and those of one with these keys.
fn gateway(own: &TestIssuer, keys: &Value, algorithms: &[Algorithm]) -> (Tokens, Lifecycle) {
    let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
    let serve = |document: String| -> crate::jwks::Fetch {
        Arc::new(move || std::future::ready(Ok(document.clone().into())).boxed())
    };
    let jwks = Jwks::new(serve(own.jwks()), &life);
    let foreign = json!({ "keys": keys }).to_string();
    let foreign = Issuer {
        rules: rules(algorithms),
        jwks: Jwks::of("sso", algorithms, serve(foreign), &life),
    };
    let issuers = vec![Issuer::own(ISSUER, AUDIENCE, jwks), foreign];
    (
        Tokens::of(issuers, none_revoked(), life.clock.clone()),
        life,
    )
}

/// As Keycloak sends them.
fn claims() -> Value {
    json!({
        "iss": SSO, "aud": ["account", API], "sub": "f:1:alice", "iat": NOW, "exp": NOW + 300, "typ": "Bearer",
        "azp": "app", "scope": "openid tours:read tours:write",
        "realm_access": { "roles": ["traveller", "admin", "offline_access"] },
    })
}

fn header(kid: &str, alg: &str) -> Value {
    json!({ "alg": alg, "typ": "JWT", "kid": kid })
}

/// Proves: T7, S5
#[tokio::test]
async fn the_keys_and_rules_of_two_issuers_are_never_mixed() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k2"));
    let (tokens, _life) = gateway(&own, &json!([sso.jwk()]), &[Algorithm::ES256]);
    // Each signs for the other, under its own key id and under the other's.
    for kid in ["k1", "k2"] {
        let mut ours = own.header();
        ours["kid"] = json!(kid);
        let forged = sso.sign(&ours.to_string(), &own.claims().to_string());
        assert_invalid(
            &tokens.verify(&forged).await,
            "the foreign issuer speaks for us",
        );
        let forged = own.sign(&header(kid, "ES256").to_string(), &claims().to_string());
        assert_invalid(
            &tokens.verify(&forged).await,
            "we speak for the foreign issuer",
        );
    }
    let mut jwt = own.header();
    jwt["typ"] = json!("JWT");
    let token = own.sign(&jwt.to_string(), &own.claims().to_string());
    assert_invalid(
        &tokens.verify(&token).await,
        "the foreign issuer's types are not ours",
    );
}

#[tokio::test]
async fn a_foreign_claim_is_of_its_form_or_the_token_is_refused() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k2"));
    let (tokens, _life) = gateway(&own, &json!([sso.jwk()]), &[Algorithm::ES256]);
    for (claim, value) in [
        ("iss", json!("https://sso.test/realms/r/")),
        ("iss", json!("https://sso.test/realms/other")),
        ("iss", Value::Null),
        ("aud", json!("account")),
        ("aud", json!([])),
        ("aud", json!([API, 7])),
        ("aud", json!({ "escale": true })),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("é")),
        ("sub", json!("s".repeat(256))),
        ("exp", json!((NOW + 300).to_string())),
        ("exp", json!(NOW as f64 + 300.5)),
        ("exp", Value::Null),
        ("exp", json!(NOW + 3_601)),
        ("iat", json!(NOW + 6)),
        ("iat", Value::Null),
        ("nbf", json!(NOW + 6)),
        ("nbf", Value::Null),
        ("typ", json!("ID")),
        ("typ", json!("Refresh")),
        ("typ", json!(7)),
        ("at_hash", json!("x")),
        ("events", json!({})),
        ("cnf", json!({ "jkt": "x" })),
        ("scope", json!(7)),
        ("scope", Value::Null),
        ("realm_access", json!(7)),
        ("realm_access", json!({ "roles": "traveller" })),
    ] {
        let mut claims = claims();
        claims[claim] = value.clone();
        let token = sso.sign(&header("k2", "ES256").to_string(), &claims.to_string());
        assert_invalid(&tokens.verify(&token).await, &format!("{claim}: {value}"));
    }
    for missing in ["iss", "aud", "sub", "exp", "iat"] {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(missing);
        let token = sso.sign(&header("k2", "ES256").to_string(), &claims.to_string());
        assert_invalid(&tokens.verify(&token).await, missing);
    }
    let text = claims().to_string();
    let inner = &text[..text.len() - 1];
    for doubled in [
        format!("{inner},\"sub\":\"root\"}}"),
        format!("{inner},\"realm_access\":{{\"roles\":[]}}}}"),
        format!("{inner},\"x\":{{\"a\":1,\"a\":2}}}}"),
        format!("{inner},\"nbf\":1e400}}"),
    ] {
        let token = sso.sign(&header("k2", "ES256").to_string(), &doubled);
        assert_invalid(&tokens.verify(&token).await, &doubled);
    }
}

#[tokio::test]
async fn expired_is_told_of_a_foreign_token_too_cached_or_not() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k2"));
    let (tokens, life) = gateway(&own, &json!([sso.jwk()]), &[Algorithm::ES256]);
    let token = sso.sign(&header("k2", "ES256").to_string(), &claims().to_string());
    assert!(tokens.verify(&token).await.is_ok());
    life.clock.advance(Duration::from_secs(300));
    assert_eq!(tokens.verify(&token).await, Err(TokenFault::Expired));
}

fn signed(header: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let [header, claims] =
        [header.to_string(), claims().to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    let message = format!("{header}.{claims}");
    let signature = sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn rsa_and_eddsa_are_verified_where_the_issuers_list_names_them_and_nowhere_else() {
    let own = TestIssuer::new("k1");
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair");
    let numbers = |bytes: &[u8]| json!(URL_SAFE_NO_PAD.encode(bytes));
    let public = pair.public_key();
    let (n, e) = (public.modulus(), public.exponent());
    let (n, e) = (
        n.big_endian_without_leading_zero(),
        e.big_endian_without_leading_zero(),
    );
    let ed = Ed25519KeyPair::generate().expect("a key pair");
    let key = |kid: &str, alg: &str| json!({ "kty": "RSA", "kid": kid, "alg": alg, "n": numbers(n), "e": numbers(e) });
    let keys = json!([
        key("rs", "RS256"), key("ps", "PS256"),
        { "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": numbers(ed.public_key().as_ref()) },
    ]);
    let rsa = |how: &'static dyn RsaEncoding| {
        let pair = &pair;
        move |message: &[u8]| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(how, &SystemRandom::new(), message, &mut signature)
                .expect("a signature");
            signature
        }
    };
    let rs = signed(&header("rs", "RS256"), rsa(&RSA_PKCS1_SHA256));
    let ps = signed(&header("ps", "PS256"), rsa(&RSA_PSS_SHA256));
    let eddsa = signed(&header("ed", "EdDSA"), |message| {
        ed.sign(message).as_ref().to_vec()
    });
    let all = [Algorithm::RS256, Algorithm::PS256, Algorithm::EdDSA];
    let (tokens, _life) = gateway(&own, &keys, &all);
    for token in [&rs, &ps, &eddsa] {
        let verified = tokens.verify(token).await;
        assert!(verified.is_ok(), "{verified:?}");
    }
    // A key serves its own algorithm only, also where the issuer is allowed both.
    let crossed = signed(&header("rs", "PS256"), rsa(&RSA_PSS_SHA256));
    assert_invalid(
        &tokens.verify(&crossed).await,
        "PS256 with the key for RS256",
    );
    for (list, good, bad) in [
        ([Algorithm::RS256], &rs, [&ps, &eddsa]),
        ([Algorithm::EdDSA], &eddsa, [&rs, &ps]),
    ] {
        let (tokens, _life) = gateway(&own, &keys, &list);
        assert!(tokens.verify(good).await.is_ok());
        for token in bad {
            assert_invalid(&tokens.verify(token).await, "not on the list");
        }
    }
}

#[tokio::test]
async fn a_foreign_issuer_that_is_away_closes_its_own_tokens_only() {
    let (own, sso) = (TestIssuer::new("k1"), TestIssuer::new("k2"));
    let (tokens, _life) = gateway(&own, &json!([]), &[Algorithm::ES256]);
    let token = sso.sign(&header("k2", "ES256").to_string(), &claims().to_string());
    assert_eq!(tokens.verify(&token).await, Err(TokenFault::NoKeys));
    assert!(tokens.verify(&own.token()).await.is_ok());
    assert!(tokens.is_ready());
}
