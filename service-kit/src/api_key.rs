//! The form of an API key, which the service that makes keys and the gateway that takes them must read alike (T1, R7).
//!
//! A key is `esc_` and 256 random bits in base64url. The fixed beginning is for machines: a scanner finds a key that
//! was committed or posted by `esc_[A-Za-z0-9_-]{43}`. Nobody can guess 256 random bits, so their plain SHA-256 is what
//! is kept and compared: a slow hash, as passwords need it, would only make each request dear. Nor does a comparison of
//! hashes tell anything by its time: who sends a guess cannot choose the hash of it.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

/// The only place from which a key is read. In a URL it would stand in logs, histories and `Referer` (R15).
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

const PREFIX: &str = "esc_";
const BITS: usize = 256;
/// Of the random part, so that an owner tells two keys apart. The bits that stay hidden are still more than 200.
const SHOWN: usize = 6;

/// A key itself. Its `Debug` shows nothing.
#[derive(Debug, Clone)]
pub struct ApiKey(SecretString);

/// SHA-256 of a key's text: what is stored, asked for and remembered in the key's place. It opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not of the form of an API key")]
pub struct NoApiKey;

impl ApiKey {
    pub fn random() -> Self {
        let mut bytes = [0; BITS / 8];
        aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
        Self(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)).into())
    }

    /// What its owner is shown, once.
    pub fn reveal(&self) -> &SecretString {
        &self.0
    }

    /// What may be shown ever after: the beginning.
    pub fn prefix(&self) -> &str {
        // A key is ASCII and longer than this: nothing else is made or read.
        &self.0.expose_secret()[..PREFIX.len() + SHOWN]
    }

    pub fn hash(&self) -> KeyHash {
        let hash = digest(&SHA256, self.0.expose_secret().as_bytes());
        KeyHash(hash.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }
}

/// Nothing that cannot be a key is worth a question to anybody.
impl FromStr for ApiKey {
    type Err = NoApiKey;

    fn from_str(text: &str) -> Result<Self, NoApiKey> {
        let random = text.strip_prefix(PREFIX).ok_or(NoApiKey)?;
        let bytes = BASE64_URL_SAFE_NO_PAD
            .decode(random)
            .map_err(|_| NoApiKey)?;
        match bytes.len() * 8 {
            BITS => Ok(Self(text.into())),
            _ => Err(NoApiKey),
        }
    }
}

/// base64url.
impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for KeyHash {
    type Err = NoApiKey;

    fn from_str(text: &str) -> Result<Self, NoApiKey> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NoApiKey)?;
        bytes.try_into().map(Self).map_err(|_| NoApiKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text_and_never_shows_in_a_log() {
        let key = ApiKey::random();
        let text = key.reveal().expose_secret();
        assert_eq!((text.len(), &text[..4]), (47, "esc_"));
        let read: ApiKey = text.parse().expect("a key");
        assert_eq!(read.hash(), key.hash());
        assert_ne!(ApiKey::random().hash(), key.hash());
        assert!(text.starts_with(key.prefix()) && key.prefix().len() == 10);
        assert!(!format!("{key:?}").contains(&text[4..]));
    }

    #[test]
    fn what_cannot_have_been_issued_is_no_key() {
        for bad in [
            "",
            "esc_",
            &"A".repeat(47),
            &format!("esc_{}", "A".repeat(42)),
            &format!("esc_{}", "A".repeat(44)),
            // The last character holds two bits that belong to no byte: a second text for the same bytes.
            &format!("esc_{}B", "A".repeat(42)),
            &format!("ESC_{}", "A".repeat(43)),
            &format!(" esc_{}", "A".repeat(43)),
            &format!("esc_{}", "+".repeat(43)),
            "esc_é",
        ] {
            assert!(bad.parse::<ApiKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hash_is_sha_256_of_the_whole_text_and_comes_back_from_its_own() {
        let key: ApiKey = format!("esc_{}", "A".repeat(43)).parse().expect("a key");
        let hash = key.hash();
        let expected = digest(&SHA256, key.reveal().expose_secret().as_bytes());
        assert_eq!(hash.0, expected.as_ref());
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("AAAA".parse::<KeyHash>().is_err());
    }
}
