//! Which keys are taken, and when the set has changed.

use serde_json::{Value, json};

use super::*;
use crate::test_issuer::TestIssuer;

fn read(document: &Value) -> Result<KeySet, KeySetFault> {
    KeySet::read(
        document.to_string().as_bytes(),
        &[Algorithm::ES256],
        &KeySet::default(),
    )
}

#[test]
fn only_p256_signature_keys_with_a_key_id_are_taken() {
    let good = TestIssuer::new("good").jwk();
    assert!(
        read(&json!({ "keys": [good] }))
            .expect("a key")
            .get("good")
            .is_some()
    );
    for (member, value) in [
        ("kty", json!("oct")),
        ("kty", json!("RSA")),
        ("crv", json!("P-384")),
        ("use", json!("enc")),
        ("alg", json!("HS256")),
        ("alg", json!("none")),
        ("kid", json!("")),
        ("kid", json!(7)),
        ("kid", json!("k".repeat(129))),
        ("x", json!("AAAA")),
        ("y", json!("not base64!")),
        ("d", json!("AAAA")),
    ] {
        let mut bad = TestIssuer::new("bad").jwk();
        bad[member] = value.clone();
        let alone = read(&json!({ "keys": [bad] }));
        assert_eq!(
            alone.expect_err(member),
            KeySetFault::NoKey,
            "{member} {value}"
        );
        let beside = read(&json!({ "keys": [bad, good] })).expect("the good key");
        assert_eq!(beside.len(), 1, "{member} {value}");
    }
}

#[test]
fn two_keys_with_one_id_are_refused_whole() {
    let (one, two) = (TestIssuer::new("k").jwk(), TestIssuer::new("k").jwk());
    assert_eq!(
        read(&json!({ "keys": [one, two] })).expect_err("doubtful"),
        KeySetFault::Doubtful
    );
}

#[test]
fn the_epoch_rises_when_a_key_goes_or_changes_and_not_when_one_comes() {
    let (one, two) = (TestIssuer::new("one").jwk(), TestIssuer::new("two").jwk());
    let follow = |old: &KeySet, keys: Value| {
        let text = json!({ "keys": keys }).to_string();
        KeySet::read(text.as_bytes(), &[Algorithm::ES256], old).expect("keys")
    };
    let first = follow(&KeySet::default(), json!([one]));
    let both = follow(&first, json!([one, two]));
    assert_eq!(both.epoch(), first.epoch());
    let rotated = follow(&both, json!([two]));
    assert!(rotated.epoch() > both.epoch());
    let changed = follow(&rotated, json!([TestIssuer::new("two").jwk()]));
    assert!(changed.epoch() > rotated.epoch());
}

fn rsa(kid: &str, bits: usize, alg: Option<&str>) -> Value {
    // Any number of the right length will do: nothing is verified here.
    let n = URL_SAFE_NO_PAD.encode(vec![0xa5; bits / 8]);
    let mut jwk = json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": "AQAB" });
    if let Some(alg) = alg {
        jwk["alg"] = json!(alg);
    }
    jwk
}

#[test]
fn a_key_serves_one_algorithm_that_its_issuer_is_allowed() {
    use Algorithm::{ES256, EdDSA, PS256, RS256};
    let ed = |alg: &str| {
        let x = URL_SAFE_NO_PAD.encode([7; 32]);
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": x, "alg": alg })
    };
    for (jwk, allowed, expected) in [
        (
            rsa("k", 2048, Some("RS256")),
            vec![RS256, PS256],
            Some(RS256),
        ),
        (
            rsa("k", 2048, Some("PS256")),
            vec![RS256, PS256],
            Some(PS256),
        ),
        (rsa("k", 4096, None), vec![ES256, PS256, RS256], Some(PS256)),
        (rsa("k", 2048, Some("PS256")), vec![RS256], None),
        (rsa("k", 2048, Some("RS512")), vec![RS256], None),
        (rsa("k", 2048, Some("HS256")), vec![RS256], None),
        (rsa("k", 2048, None), vec![ES256, EdDSA], None),
        (rsa("k", 1024, Some("RS256")), vec![RS256], None),
        (rsa("k", 8192, Some("RS256")), vec![RS256], None),
        (ed("EdDSA"), vec![EdDSA], Some(EdDSA)),
        (ed("Ed25519"), vec![EdDSA], Some(EdDSA)),
        (ed("ES256"), vec![EdDSA, ES256], None),
        (TestIssuer::new("k").jwk(), vec![RS256], None),
    ] {
        let document = json!({ "keys": [jwk] }).to_string();
        let set = KeySet::read(document.as_bytes(), &allowed, &KeySet::default());
        let algorithm = set.ok().and_then(|set| set.get("k").map(Key::algorithm));
        assert_eq!(algorithm, expected, "{allowed:?} {document}");
    }
}

#[test]
fn an_rsa_exponent_is_short() {
    let mut jwk = rsa("k", 2048, None);
    jwk["e"] = json!(URL_SAFE_NO_PAD.encode([1; 256]));
    let document = json!({ "keys": [jwk] }).to_string();
    let set = KeySet::read(document.as_bytes(), &[Algorithm::RS256], &KeySet::default());
    assert_eq!(set.expect_err("no key"), KeySetFault::NoKey);
}
