//! The keys that protect data at rest (R4, R5). All are derived from one master key by HKDF (RFC 5869), a key a
//! purpose, so that what one of them does can never be turned against another.
//!
//! The master key comes from the environment or a file and is never stored; who copies the database has nothing.

mod seal;

use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};

pub use seal::{Broken, Seal};

use crate::domain::account::email_key;
use crate::domain::refresh_token::RefreshToken;

/// A constant of ours: the salt separates our keys from those that another program might derive from the same secret.
const SALT: &[u8] = b"escale auth-service keyring v1";

pub type MasterKey = SecretBox<[u8; 32]>;

pub struct Keyring {
    /// Seals e-mail addresses; the account's id is authenticated with each, so that none can be moved to another.
    pub emails: Seal,
    /// Seals signing keys; authenticated with the key's `kid`.
    pub signing_keys: Seal,
    email_index: hmac::Key,
    login_decoys: hmac::Key,
    refresh_successors: hmac::Key,
}

impl Keyring {
    pub fn derive(master: &MasterKey) -> Self {
        let root = Salt::new(HKDF_SHA256, SALT).extract(master.expose_secret());
        Self {
            emails: Seal::new(&expand(&root, "seal e-mail addresses")),
            signing_keys: Seal::new(&expand(&root, "seal signing keys")),
            email_index: mac_key(&root, "index e-mail addresses"),
            login_decoys: mac_key(&root, "choose login decoys"),
            refresh_successors: mac_key(&root, "derive refresh token successors"),
        }
    }

    /// What stands for an address where addresses must be found or be unique. Without the key nobody can test whether
    /// an address they know is in the database.
    pub fn email_index(&self, email: &str) -> String {
        let tag = hmac::sign(&self.email_index, email_key(email).as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(tag)
    }

    /// Which of 256 counters takes the attempts on a name that no account has.
    pub fn login_decoy(&self, identifier: &str) -> String {
        let tag = hmac::sign(&self.login_decoys, identifier.to_lowercase().as_bytes());
        format!("decoy-{:02x}", tag.as_ref()[0])
    }

    /// The token that replaces `token`: always the same one, so that two tabs that refresh at once agree, and nothing
    /// but a hash has to be stored.
    pub fn successor(&self, token: &RefreshToken) -> RefreshToken {
        let tag = hmac::sign(&self.refresh_successors, &token.0);
        RefreshToken(tag.as_ref().try_into().expect("HMAC-SHA256 gives 32 bytes"))
    }
}

fn expand(root: &Prk, purpose: &str) -> [u8; 32] {
    let mut key = [0; 32];
    root.expand(&[purpose.as_bytes()], HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut key))
        .expect("32 bytes are within HKDF's bound");
    key
}

fn mac_key(root: &Prk, purpose: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &expand(root, purpose))
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(byte: u8) -> Keyring {
        Keyring::derive(&SecretBox::new(Box::new([byte; 32])))
    }

    #[test]
    fn an_address_has_one_index_whatever_its_case_and_another_under_another_key() {
        let index = keyring(1).email_index("Alice@Example.org");
        assert_eq!(index, keyring(1).email_index("alice@example.ORG"));
        assert_ne!(index, keyring(2).email_index("alice@example.org"));
    }

    #[test]
    fn a_token_has_one_successor_which_has_another() {
        let first = RefreshToken::random();
        let second = keyring(1).successor(&first);
        assert_eq!(second, keyring(1).successor(&first));
        assert_ne!(second, keyring(1).successor(&second));
        assert_ne!(second, keyring(2).successor(&first));
    }

    #[test]
    fn decoys_are_few_however_many_names_are_tried() {
        let keyring = keyring(1);
        let decoys: std::collections::BTreeSet<String> = (0..2_000)
            .map(|name| keyring.login_decoy(&name.to_string()))
            .collect();
        assert!(decoys.len() <= 256);
    }
}
