//! One key set (RFC 7517), read strictly: EC P-256 keys for signatures with a key id of their own, and nothing else.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// More keys than any rotation needs.
const MOST_KEYS: usize = 16;
const LONGEST_KEY_ID: usize = 128;
/// Of a coordinate of a P-256 point (RFC 7518 section 6.2.1.2).
const COORDINATE_BYTES: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    #[error("the key set is not a JSON object with a list of keys")]
    Unreadable,
    #[error("the key set has no key that can be used")]
    NoKey,
    #[error("the key set has too many keys, or two with one key id")]
    Doubtful,
}

#[derive(Debug, Default)]
pub struct KeySet {
    /// Rises when a key is taken back or changed: what was verified with it must be verified anew.
    epoch: u64,
    keys: HashMap<String, Key>,
}

#[derive(Debug)]
struct Key {
    point: (String, String),
    decoding: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    /// The private part, which has no business here.
    d: Option<IgnoredAny>,
}

impl KeySet {
    /// `old` is the set that this one follows.
    pub(super) fn read(document: &[u8], old: &Self) -> Result<Self, KeySetFault> {
        let document: Document =
            serde_json::from_slice(document).map_err(|_| KeySetFault::Unreadable)?;
        if document.keys.len() > MOST_KEYS {
            return Err(KeySetFault::Doubtful);
        }
        let mut keys = HashMap::new();
        for value in document.keys {
            // Keys of other kinds may stand beside ours: they are passed over, not a fault.
            let Some((id, key)) = serde_json::from_value(value).ok().and_then(Jwk::into_key) else {
                continue;
            };
            if keys.insert(id, key).is_some() {
                return Err(KeySetFault::Doubtful);
            }
        }
        if keys.is_empty() {
            return Err(KeySetFault::NoKey);
        }
        let lost = |(id, key): (&String, &Key)| {
            keys.get(id).is_none_or(|new: &Key| new.point != key.point)
        };
        let epoch = old.epoch + u64::from(old.keys.iter().any(lost));
        Ok(Self { epoch, keys })
    }

    pub fn get(&self, kid: &str) -> Option<&DecodingKey> {
        self.keys.get(kid).map(|key| &key.decoding)
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }
}

impl PartialEq for KeySet {
    fn eq(&self, other: &Self) -> bool {
        let same = |(id, key): (&String, &Key)| {
            other
                .keys
                .get(id)
                .is_some_and(|twin| twin.point == key.point)
        };
        self.keys.len() == other.keys.len() && self.keys.iter().all(same)
    }
}

impl Jwk {
    fn into_key(self) -> Option<(String, Key)> {
        let ours = self.kty == "EC"
            && self.crv == "P-256"
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == "ES256")
            && self.d.is_none()
            && (1..=LONGEST_KEY_ID).contains(&self.kid.len())
            && is_coordinate(&self.x)
            && is_coordinate(&self.y);
        let decoding = ours.then(|| DecodingKey::from_ec_components(&self.x, &self.y).ok())??;
        Some((
            self.kid,
            Key {
                point: (self.x, self.y),
                decoding,
            },
        ))
    }
}

fn is_coordinate(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == COORDINATE_BYTES)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::test_issuer::TestIssuer;

    fn read(document: &Value) -> Result<KeySet, KeySetFault> {
        KeySet::read(document.to_string().as_bytes(), &KeySet::default())
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
            KeySet::read(json!({ "keys": keys }).to_string().as_bytes(), old).expect("keys")
        };
        let first = follow(&KeySet::default(), json!([one]));
        let both = follow(&first, json!([one, two]));
        assert_eq!(both.epoch(), first.epoch());
        let rotated = follow(&both, json!([two]));
        assert!(rotated.epoch() > both.epoch());
        let changed = follow(&rotated, json!([TestIssuer::new("two").jwk()]));
        assert!(changed.epoch() > rotated.epoch());
    }
}
