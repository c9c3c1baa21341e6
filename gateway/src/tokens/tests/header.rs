//! What a token's header may say, and that it never chooses how it is judged.

use super::*;

/// Proves: R6, token-alg
#[tokio::test]
async fn the_algorithm_is_never_the_tokens_choice() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    for algorithm in [
        "none", "None", "nOnE", "NONE", "", "HS256", "ES384", "RS256", "es256",
    ] {
        let mut header = issuer.header();
        header["alg"] = json!(algorithm);
        let signed = issuer.sign(&header.to_string(), &issuer.claims().to_string());
        assert_invalid(&tokens.verify(&signed).await, algorithm);
        let bare = signed
            .rsplit_once('.')
            .map(|(message, _)| format!("{message}."));
        assert_invalid(&tokens.verify(&bare.expect("three parts")).await, algorithm);
    }
}

#[tokio::test]
async fn the_public_key_is_no_hmac_secret() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let mut header = issuer.header();
    header["alg"] = json!("HS256");
    for header in [header, issuer.header()] {
        for secret in [
            issuer.public_point(),
            issuer.jwks().as_bytes(),
            issuer.jwk()["x"].to_string().as_bytes(),
        ] {
            let signed = issuer.sign(&header.to_string(), &issuer.claims().to_string());
            let (message, _) = signed.rsplit_once('.').expect("three parts");
            let tag = hmac::sign(
                &hmac::Key::new(hmac::HMAC_SHA256, secret),
                message.as_bytes(),
            );
            let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag));
            assert_invalid(&tokens.verify(&forged).await, "HMAC with a public value");
        }
    }
}

#[tokio::test]
async fn nothing_in_the_header_brings_a_key_of_its_own() {
    let (issuer, attacker) = (TestIssuer::new("k1"), TestIssuer::new("k1"));
    let (tokens, _life) = issuer.tokens();
    assert_invalid(
        &tokens.verify(&attacker.token()).await,
        "the right kid, another key",
    );
    for (member, value) in [
        ("jwk", attacker.jwk()),
        ("jku", json!("https://127.0.0.1:1/jwks.json")),
        ("x5u", json!("https://127.0.0.1:1/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
        ("kid", json!("../../dev/null")),
        ("kid", json!("k1' OR '1'='1")),
        ("kid", json!("k".repeat(5_000))),
        ("kid", json!("")),
        ("kid", Value::Null),
        ("kid", json!(["k1"])),
        ("typ", json!("JWT")),
        ("typ", json!("id_token+jwt")),
        ("typ", json!("")),
        ("typ", Value::Null),
    ] {
        for signer in [&attacker, &issuer] {
            let mut header = issuer.header();
            header[member] = value.clone();
            let token = signer.sign(&header.to_string(), &issuer.claims().to_string());
            assert_invalid(&tokens.verify(&token).await, member);
        }
    }
    for missing in ["alg", "typ", "kid"] {
        let mut header = issuer.header();
        header.as_object_mut().expect("an object").remove(missing);
        let token = issuer.sign(&header.to_string(), &issuer.claims().to_string());
        assert_invalid(&tokens.verify(&token).await, missing);
    }
}
