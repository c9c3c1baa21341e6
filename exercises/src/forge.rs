//! Tokens as attackers make them: any header, any claims, signed with whatever is at hand or not at all.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Header and claims of a token; null where it is none.
pub fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    });
    let mut next = || parts.next().unwrap_or_default();
    (next(), next())
}

/// Another header and other claims under the signature of `token`.
pub fn with_old_signature(token: &str, header: &Value, claims: &Value) -> String {
    let signature = token.rsplit('.').next().unwrap_or_default();
    format!("{}.{signature}", signed_part(header, claims))
}

/// Nothing after the last dot.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.", signed_part(header, claims))
}

pub fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    hmac(hmac::HMAC_SHA256, header, claims, secret)
}

pub fn hs384(header: &Value, claims: &Value, secret: &[u8]) -> String {
    hmac(hmac::HMAC_SHA384, header, claims, secret)
}

pub fn hs512(header: &Value, claims: &Value, secret: &[u8]) -> String {
    hmac(hmac::HMAC_SHA512, header, claims, secret)
}

fn hmac(algorithm: hmac::Algorithm, header: &Value, claims: &Value, secret: &[u8]) -> String {
    let text = signed_part(header, claims);
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret), text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Whether a token was signed with this secret: what who guesses secrets asks, and asks nobody for it.
pub fn is_hs256_of(token: &str, secret: &[u8]) -> bool {
    let (text, tag) = token.rsplit_once('.').unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    URL_SAFE_NO_PAD
        .decode(tag)
        .is_ok_and(|tag| hmac::verify(&key, text.as_bytes(), &tag).is_ok())
}

/// A key of nobody's.
pub fn es256_key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key can be made")
}

pub fn es256(header: &Value, claims: &Value, key: &EcdsaKeyPair) -> String {
    let text = signed_part(header, claims);
    let signature = key
        .sign(&SystemRandom::new(), text.as_bytes())
        .expect("a key signs");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn signed_part(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_forged_token_says_what_it_was_made_of() {
        let (header, claims) = (json!({"alg": "HS256"}), json!({"sub": "mallory"}));
        for token in [
            unsigned(&header, &claims),
            hs256(&header, &claims, b"secret"),
            hs384(&header, &claims, b"secret"),
            hs512(&header, &claims, b"secret"),
            es256(&header, &claims, &es256_key()),
            with_old_signature("a.b.c", &header, &claims),
        ] {
            assert_eq!(parts(&token), (header.clone(), claims.clone()), "{token}");
        }
        assert_eq!(parts("nonsense"), (Value::Null, Value::Null));
    }

    #[test]
    fn only_the_secret_that_signed_a_token_is_its_own() {
        let token = hs256(&json!({"alg": "HS256"}), &json!({}), b"secret");
        assert!(is_hs256_of(&token, b"secret"));
        assert!(!is_hs256_of(&token, b"Secret") && !is_hs256_of("nonsense", b"secret"));
    }
}
