//! The names of keys in Redis: `escale:limit:search:mJ2pT0x...`.
//!
//! The last part stands for an address or a user. It is an HMAC of it and not the thing itself: who reads Redis, a
//! backup of it or its slow log learns no addresses, and a plain hash would be turned back by trying all of IPv4. The
//! secret is what all gateways share anyway, Redis' password; a Redis without one is on this machine alone. With a new
//! password all counts begin anew.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

/// Of the 32 bytes of an HMAC: no two of a million clients meet in 16.
const BYTES: usize = 16;

#[derive(Clone)]
pub struct Names(hmac::Key);

impl Names {
    pub(super) fn new(password: Option<&SecretString>) -> Self {
        let secret = password.map_or("", |password| password.expose_secret());
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// The key that `what` (of our own words: `limit:search`) has for `whom`.
    pub fn key(&self, what: &str, whom: &[u8]) -> String {
        let tag = hmac::sign(&self.0, whom);
        let whom = URL_SAFE_NO_PAD.encode(&tag.as_ref()[..BYTES]);
        format!("escale:{what}:{whom}")
    }

    /// A small number that stands for a text, the same at every gateway.
    pub fn fingerprint(&self, text: &str) -> u32 {
        let tag = hmac::sign(&self.0, text.as_bytes());
        let first = tag.as_ref().first_chunk();
        u32::from_be_bytes(*first.expect("an HMAC-SHA256 has 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_neither_whom_it_is_of_nor_can_it_be_made_without_the_password() {
        let names = |password: &str| Names::new(Some(&password.into()));
        let key = names("one").key("limit:search", b"203.0.113.9");
        assert!(
            key.starts_with("escale:limit:search:") && key.len() == 20 + 22,
            "{key}"
        );
        assert_eq!(key, names("one").key("limit:search", b"203.0.113.9"));
        assert_ne!(key, names("two").key("limit:search", b"203.0.113.9"));
        assert_ne!(key, names("one").key("limit:search", b"203.0.113.10"));
        assert_ne!(
            names("one").fingerprint("/a"),
            names("one").fingerprint("/b")
        );
    }
}
