//! One key set (RFC 7517), read strictly: keys for signatures, for algorithms that their issuer is allowed, with a key
//! id of their own, and nothing else. One key serves one algorithm.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// More keys than any rotation needs.
const MOST_KEYS: usize = 16;
const LONGEST_KEY_ID: usize = 128;
/// Of a coordinate of a P-256 point (RFC 7518 section 6.2.1.2), and of an Ed25519 key (RFC 8037 section 2).
const COORDINATE_BYTES: usize = 32;
/// 2048 to 4096 bits: fewer are forged one day (RFC 7518 section 3.3), and more cost a flood's victim too much.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
/// 65537 has three bytes. A long exponent makes a verification as slow as a signature.
const EXPONENT_BYTES: std::ops::RangeInclusive<usize> = 1..=4;

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
pub struct Key {
    algorithm: Algorithm,
    /// The public numbers as they came, to tell one key from another.
    numbers: (String, String),
    decoding: DecodingKey,
}

impl Key {
    /// The one algorithm with which this key may be used.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    fn is_same(&self, other: &Self) -> bool {
        self.numbers == other.numbers && self.algorithm == other.algorithm
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    /// The private part, which has no business here.
    d: Option<IgnoredAny>,
}

impl KeySet {
    /// `algorithms`: those of the issuer. `old` is the set that this one follows.
    pub(super) fn read(
        document: &[u8],
        algorithms: &[Algorithm],
        old: &Self,
    ) -> Result<Self, KeySetFault> {
        let document: Document =
            serde_json::from_slice(document).map_err(|_| KeySetFault::Unreadable)?;
        if document.keys.len() > MOST_KEYS {
            return Err(KeySetFault::Doubtful);
        }
        let mut keys = HashMap::new();
        for value in document.keys {
            // Keys of other kinds may stand beside ours: they are passed over, not a fault.
            let jwk: Option<Jwk> = serde_json::from_value(value).ok();
            let Some((id, key)) = jwk.and_then(|jwk| jwk.into_key(algorithms)) else {
                continue;
            };
            if keys.insert(id, key).is_some() {
                return Err(KeySetFault::Doubtful);
            }
        }
        if keys.is_empty() {
            return Err(KeySetFault::NoKey);
        }
        let lost =
            |(id, key): (&String, &Key)| keys.get(id).is_none_or(|new: &Key| !new.is_same(key));
        let epoch = old.epoch + u64::from(old.keys.iter().any(lost));
        Ok(Self { epoch, keys })
    }

    pub fn get(&self, kid: &str) -> Option<&Key> {
        self.keys.get(kid)
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
        let same =
            |(id, key): (&String, &Key)| other.keys.get(id).is_some_and(|twin| twin.is_same(key));
        self.keys.len() == other.keys.len() && self.keys.iter().all(same)
    }
}

impl Jwk {
    fn into_key(self, algorithms: &[Algorithm]) -> Option<(String, Key)> {
        let is_for_signatures = self.usage.as_deref().is_none_or(|usage| usage == "sig");
        let is_public = self.d.is_none();
        if !is_for_signatures || !is_public || !(1..=LONGEST_KEY_ID).contains(&self.kid.len()) {
            return None;
        }
        let algorithm = self.algorithm(algorithms)?;
        let (numbers, decoding) = self.public_numbers()?;
        let key = Key {
            algorithm,
            numbers,
            decoding,
        };
        Some((self.kid, key))
    }

    /// Of the issuer's algorithms, the one that this key says it is for; where it says none, the first that fits its
    /// kind.
    fn algorithm(&self, allowed: &[Algorithm]) -> Option<Algorithm> {
        let fitting: &[Algorithm] = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => &[Algorithm::ES256],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDSA],
            ("RSA", None) => &[Algorithm::RS256, Algorithm::PS256],
            _ => return None,
        };
        // RFC 9864 names the curve where RFC 8037 did not.
        let said = self.alg.as_deref().map(|alg| match alg {
            "Ed25519" => "EdDSA",
            other => other,
        });
        let said: Option<Algorithm> = said.map(str::parse).transpose().ok()?;
        let mut allowed = allowed.iter().copied();
        allowed.find(|one| fitting.contains(one) && said.is_none_or(|said| said == *one))
    }

    fn public_numbers(&self) -> Option<((String, String), DecodingKey)> {
        let coordinate = COORDINATE_BYTES..=COORDINATE_BYTES;
        match self.kty.as_str() {
            "EC" => {
                let (x, y) = (number(&self.x, &coordinate)?, number(&self.y, &coordinate)?);
                let key = DecodingKey::from_ec_components(&x, &y).ok()?;
                Some(((x, y), key))
            }
            "OKP" => {
                let x = number(&self.x, &coordinate)?;
                let key = DecodingKey::from_ed_components(&x).ok()?;
                Some(((x, String::new()), key))
            }
            _ => {
                let (n, e) = (
                    number(&self.n, &MODULUS_BYTES)?,
                    number(&self.e, &EXPONENT_BYTES)?,
                );
                let key = DecodingKey::from_rsa_components(&n, &e).ok()?;
                Some(((n, e), key))
            }
        }
    }
}

/// A number that is there, in base64url, and of a good length.
fn number(text: &Option<String>, bytes: &std::ops::RangeInclusive<usize>) -> Option<String> {
    let text = text.as_ref()?;
    let decoded = URL_SAFE_NO_PAD.decode(text).ok()?;
    bytes.contains(&decoded.len()).then(|| text.clone())
}

#[cfg(test)]
mod tests;
