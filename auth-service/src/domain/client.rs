//! An application that asks for tokens in its own name.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::scope::Scopes;

/// The platform's own web application: the `client_id` of tokens that a login gives.
pub const FIRST_PARTY: &str = "escale-web";

#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    pub name: String,
    pub secret: SecretHash,
    /// The most that it may ask for.
    pub scopes: Scopes,
}

/// SHA-256 is enough for a secret of 256 random bits: there is nothing to guess, so nothing to slow down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// What an unknown client's secret is compared with, so that it takes as long as a known client's.
    pub const NOBODYS: Self = Self([0; 32]);

    pub fn of(secret: &SecretString) -> Self {
        let hash = digest(&SHA256, secret.expose_secret().as_bytes());
        Self(hash.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }

    pub fn matches(&self, secret: &SecretString) -> bool {
        verify_slices_are_equal(&self.0, &Self::of(secret).0).is_ok()
    }
}

/// A client's id is its tokens' `sub`. It must not look like a user's id, or a service would take the application for
/// that user (RFC 9700 section 4.15).
pub fn is_client_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=64).contains(&text.len())
        && text.bytes().all(allowed)
        && text != FIRST_PARTY
        && Uuid::try_parse(text).is_err()
}

/// As long as 192 random bits in base64, and of visible characters.
pub fn is_client_secret(text: &str) -> bool {
    (32..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_be_named_like_a_user_or_like_the_platforms_own_application() {
        assert!(is_client_id("partner-app"));
        let uuid = Uuid::new_v4();
        for bad in [
            uuid.to_string(),
            uuid.simple().to_string(),
            FIRST_PARTY.into(),
            "a:b".into(),
            String::new(),
        ] {
            assert!(!is_client_id(&bad), "{bad}");
        }
    }

    #[test]
    fn only_the_secret_itself_matches_its_hash() {
        let hash = SecretHash::of(&"right".into());
        assert!(hash.matches(&"right".into()));
        assert!(!hash.matches(&"Right".into()) && !SecretHash::NOBODYS.matches(&"".into()));
    }
}
