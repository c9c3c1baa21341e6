//! The form of a line, and what makes a line the next one.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Timestamp;

/// `,"event.hash":"<64>","event.mac":"<64>"}`.
const SEAL_LENGTH: usize = HASH_KEY.len() + 64 + MAC_KEY.len() + 64 + END.len();
const HASH_KEY: &[u8] = br#","event.hash":""#;
const MAC_KEY: &[u8] = br#"","event.mac":""#;
const END: &[u8] = br#""}"#;

/// What each use of the key begins with, so that no code made for one passes for the other.
const RECORD: &[u8] = b"escale audit record v1\n";
const HEAD: &[u8] = b"escale audit head v1\n";

/// 32 bytes. As text: 64 lower-case hexadecimal digits, and no other form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text.as_bytes()).ok_or("not 64 lower-case hexadecimal digits")
    }
}

impl Hash {
    fn read(text: &[u8]) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    fn of(text: &[u8]) -> Self {
        let digest = digest(&SHA256, text);
        Self(digest.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// How far the chain has come: the last record's number, from 1, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub sequence: u64,
    pub hash: Hash,
}

impl Place {
    /// Before the first record.
    pub const BEGINNING: Self = Self {
        sequence: 0,
        hash: Hash([0; 32]),
    };
}

/// `AUDIT_KEY`.
#[derive(Debug, Clone)]
pub struct AuditKey(hmac::Key);

impl AuditKey {
    /// # Errors
    /// Anything but 32 random bytes in base64 (R7), in words for who sets it.
    pub fn from_base64(text: &str) -> Result<Self, &'static str> {
        let bytes = BASE64_STANDARD.decode(text.trim()).unwrap_or_default();
        if bytes.len() != 32 {
            return Err("must be 32 bytes in base64");
        }
        // Of 32 random bytes, fewer than eight different ones never happen: zeros and patterns do.
        let different: std::collections::BTreeSet<_> = bytes.iter().collect();
        if different.len() < 8 {
            return Err("must be random");
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    pub(super) fn sign_head(&self, text: &[u8]) -> Hash {
        self.sign(HEAD, text)
    }

    pub(super) fn is_head(&self, text: &[u8], mac: Hash) -> bool {
        self.is_signed(HEAD, text, mac)
    }

    fn sign(&self, purpose: &[u8], text: &[u8]) -> Hash {
        let tag = hmac::sign(&self.0, &[purpose, text].concat());
        Hash(
            tag.as_ref()
                .try_into()
                .expect("HMAC-SHA-256 gives 32 bytes"),
        )
    }

    fn is_signed(&self, purpose: &[u8], text: &[u8], mac: Hash) -> bool {
        hmac::verify(&self.0, &[purpose, text].concat(), &mac.0).is_ok()
    }
}

/// What is wrong with a line, or between two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("this is no record")]
    NotARecord,
    #[error("the record was changed: its hash is another")]
    Changed,
    #[error("the record was not written by the gateway: its code (MAC) is wrong")]
    Forged,
    #[error("records {first} to {last} are missing before this line")]
    Removed { first: u64, last: u64 },
    #[error(
        "record {found} stands where record {expected} should: it was added, moved or written twice"
    )]
    Misplaced { found: u64, expected: u64 },
    #[error("the record does not follow the one before it")]
    Unlinked,
}

/// One whole line with its line feed, and its place in the chain.
pub(super) fn seal(key: &AuditKey, mut json: String, last: Place) -> (String, Place) {
    json.pop();
    let hash = Hash::of(json.as_bytes());
    let mac = key.sign(RECORD, &hash.0);
    json.push_str(&format!(
        ",\"event.hash\":\"{hash}\",\"event.mac\":\"{mac}\"}}\n"
    ));
    let sequence = last.sequence + 1;
    (json, Place { sequence, hash })
}

/// What the chain itself needs of a record.
#[derive(Deserialize)]
struct Link {
    #[serde(rename = "@timestamp")]
    at: Timestamp,
    #[serde(rename = "event.sequence")]
    sequence: u64,
    #[serde(rename = "event.previous_hash")]
    previous: Hash,
}

/// A line that is a record of ours, taken by itself.
#[derive(Debug)]
pub(super) struct Read {
    pub at: Timestamp,
    pub place: Place,
    previous: Hash,
}

impl Read {
    /// Is it the record after `last`?
    pub fn follows(&self, last: Place) -> Result<(), Damage> {
        let (found, expected) = (self.place.sequence, last.sequence + 1);
        if found > expected {
            let last = found - 1;
            return Err(Damage::Removed {
                first: expected,
                last,
            });
        }
        if found < expected {
            return Err(Damage::Misplaced { found, expected });
        }
        if self.previous == last.hash {
            Ok(())
        } else {
            Err(Damage::Unlinked)
        }
    }
}

/// Reads a line without its line feed. Every byte of it is either in the hash or compared.
pub(super) fn read(key: &AuditKey, line: &[u8]) -> Result<Read, Damage> {
    let at = line
        .len()
        .checked_sub(SEAL_LENGTH)
        .ok_or(Damage::NotARecord)?;
    let (json, seal) = line.split_at(at);
    let (hash, mac) = read_seal(seal).ok_or(Damage::NotARecord)?;
    if Hash::of(json) != hash {
        return Err(Damage::Changed);
    }
    if !key.is_signed(RECORD, &hash.0, mac) {
        return Err(Damage::Forged);
    }
    let link: Link =
        serde_json::from_slice(&[json, b"}"].concat()).map_err(|_| Damage::NotARecord)?;
    Ok(Read {
        at: link.at,
        place: Place {
            sequence: link.sequence,
            hash,
        },
        previous: link.previous,
    })
}

fn read_seal(seal: &[u8]) -> Option<(Hash, Hash)> {
    let (hash, rest) = seal.strip_prefix(HASH_KEY)?.split_at_checked(64)?;
    let (mac, end) = rest.strip_prefix(MAC_KEY)?.split_at_checked(64)?;
    if end != END {
        return None;
    }
    Some((Hash::read(hash)?, Hash::read(mac)?))
}
