//! Tokens that bring their own algorithm or their own key.

use std::io::ErrorKind;
use std::net::TcpListener;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use escale_tests::TestIssuer;
use escale_tests::issuer::message;
use serde_json::json;

use super::Bench;

/// Proves: R6, API2:2019, API2:2023, token-alg
#[tokio::test]
async fn a_token_that_says_none_is_refused_with_and_without_a_signature() {
    let bench = Bench::start().await;
    for algorithm in ["none", "None", "nOnE", "NONE", ""] {
        let mut header = bench.issuer.header();
        header["alg"] = json!(algorithm);
        let claims = bench.issuer.claims(&bench.town);
        let unsigned = message(&header.to_string(), &claims.to_string());
        bench
            .assert_invalid(&format!("{unsigned}."), algorithm)
            .await;
        bench.assert_invalid(&unsigned, algorithm).await;
        bench
            .assert_invalid(&bench.issuer.sign(&header, &claims), algorithm)
            .await;
    }
}

/// Proves: R6, API2:2019, API2:2023, token-alg
#[tokio::test]
async fn the_public_key_is_not_taken_for_a_shared_secret() {
    let bench = Bench::start().await;
    let (pem, der) = (bench.issuer.public_pem(), bench.issuer.public_der());
    let jwk = bench.issuer.jwk().to_string();
    for secret in [
        pem.as_bytes(),
        pem.trim_end().as_bytes(),
        &der,
        jwk.as_bytes(),
        b"",
    ] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        for algorithm in ["HS256", "ES256"] {
            let mut header = bench.issuer.header();
            header["alg"] = json!(algorithm);
            let claims = bench.issuer.claims(&bench.town);
            let message = message(&header.to_string(), &claims.to_string());
            let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
            bench
                .assert_invalid(&format!("{message}.{tag}"), algorithm)
                .await;
        }
    }
}

/// Proves: R6, token-key
#[tokio::test]
async fn a_key_id_is_a_name_and_never_a_path_or_a_query() {
    let bench = Bench::start().await;
    let long = "k".repeat(10_000);
    for kid in [
        json!("../../dev/null"),
        json!("/dev/null"),
        json!("k1'"),
        json!("k1' OR '1'='1"),
        json!("k1\u{0}"),
        json!("K1"),
        json!(""),
        json!(long),
        json!(["k1"]),
        json!(null),
    ] {
        let mut header = bench.issuer.header();
        header["kid"] = kid.clone();
        let token = bench
            .issuer
            .sign(&header, &bench.issuer.claims(&bench.town));
        bench
            .assert_invalid(
                &token,
                &kid.to_string().chars().take(40).collect::<String>(),
            )
            .await;
    }
}

/// Proves: R6, token-key
#[tokio::test]
async fn a_key_that_comes_with_the_token_is_not_used() {
    let bench = Bench::start().await;
    let thief = TestIssuer::new("k1");
    for with_jwk in [true, false] {
        let mut header = thief.header();
        if with_jwk {
            header["jwk"] = thief.jwk();
        }
        let token = thief.sign(&header, &thief.claims(&bench.town));
        bench.assert_invalid(&token, "the thief's key").await;
    }
}

/// Proves: API7:2023, token-key
#[tokio::test]
async fn an_address_in_the_token_is_not_called() {
    let bench = Bench::start().await;
    let thief = TestIssuer::new("stolen");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("https://{}/keys.json", listener.local_addr().unwrap());
    for member in ["jku", "x5u"] {
        for signer in [&thief, &bench.issuer] {
            let mut header = signer.header();
            header[member] = json!(address);
            let token = signer.sign(&header, &signer.claims(&bench.town));
            bench.assert_invalid(&token, member).await;
        }
    }
    // The system takes connections for the listener by itself: one that had been made would wait here.
    let call = listener
        .accept()
        .map(|_| ())
        .expect_err("nobody has called");
    assert_eq!(call.kind(), ErrorKind::WouldBlock);
}

/// Proves: R6, token-audience
#[tokio::test]
async fn an_unknown_extension_a_stripped_signature_and_a_huge_token_are_refused() {
    let bench = Bench::start().await;
    for (member, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        let mut header = bench.issuer.header();
        header[member] = value;
        let token = bench
            .issuer
            .sign(&header, &bench.issuer.claims(&bench.town));
        bench.assert_invalid(&token, member).await;
    }
    let good = bench.issuer.token(&bench.town);
    let (message, signature) = good.rsplit_once('.').unwrap();
    for stripped in [
        message.to_owned(),
        format!("{message}."),
        format!("{message}..{signature}"),
        format!("{message}.{}", &signature[..40]),
        format!("{message}.{}", "A".repeat(signature.len())),
    ] {
        bench.assert_invalid(&stripped, "stripped").await;
    }
    let before = bench.reached_the_catalogue();
    for length in [9_000, 20_000, 64 * 1024] {
        let answer = bench
            .get(&format!("{message}.{}", "A".repeat(length)))
            .await;
        // Above its own limit for headers the server answers 431 before any layer sees them.
        assert!(
            answer.status == 401 || answer.status == 431,
            "{length}: {}",
            answer.status
        );
    }
    assert_eq!(bench.reached_the_catalogue(), before);
}
