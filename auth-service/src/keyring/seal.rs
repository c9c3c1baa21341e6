//! AES-256-GCM over a small text: a new random nonce each time, stored with the ciphertext.
//!
//! Random 96-bit nonces are good for 2^32 sealings under one key (NIST SP 800-38D section 8.3): more than this service
//! will ever have accounts.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Tells this format from a later one.
const VERSION: &str = "v1.";

pub struct Seal(RandomizedNonceKey);

/// Not sealed by this key, or for this owner, or changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened with this key")]
pub struct Broken;

impl Seal {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM, key).expect("the key has 32 bytes"))
    }

    /// `owner` is bound to the value: it opens only with the same one.
    pub fn seal(&self, owner: &[u8], plain: &[u8]) -> String {
        let mut sealed = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(owner), &mut sealed)
            .expect("a short text can be sealed and the system gives random bytes");
        let whole = [nonce.as_ref().as_slice(), &sealed].concat();
        format!("{VERSION}{}", BASE64_URL_SAFE_NO_PAD.encode(whole))
    }

    pub fn open(&self, owner: &[u8], sealed: &str) -> Result<Vec<u8>, Broken> {
        let text = sealed.strip_prefix(VERSION).ok_or(Broken)?;
        let mut whole = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Broken)?;
        let (nonce, body) = whole.split_at_mut_checked(NONCE_LEN).ok_or(Broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Broken)?;
        let plain = self.0.open_in_place(nonce, Aad::from(owner), body);
        plain.map(|plain| plain.to_vec()).map_err(|_| Broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: R4
    #[test]
    fn a_value_opens_for_its_owner_and_its_key_only_and_never_looks_the_same_twice() {
        let seal = Seal::new(&[1; 32]);
        let sealed = seal.seal(b"alice", b"alice@example.org");
        assert_eq!(
            seal.open(b"alice", &sealed),
            Ok(b"alice@example.org".to_vec())
        );
        assert_eq!(seal.open(b"bob", &sealed), Err(Broken));
        assert_eq!(Seal::new(&[2; 32]).open(b"alice", &sealed), Err(Broken));
        assert_ne!(seal.seal(b"alice", b"alice@example.org"), sealed);
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let seal = Seal::new(&[1; 32]);
        let sealed = seal.seal(b"", b"text");
        let flipped = sealed.replace("v1.", "v1.A");
        for bad in ["", "v1.", "v1.AAAA", "v2.AAAA", "text", &flipped] {
            assert_eq!(seal.open(b"", bad), Err(Broken), "{bad}");
        }
    }
}
