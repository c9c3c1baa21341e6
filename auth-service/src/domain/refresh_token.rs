//! The refresh token: 256 bits that mean nothing to anybody but this service, which keeps only their hash.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;

/// A token that is not used for this long dies (R8).
pub const IDLE_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// A family dies this long after its login, however often it is refreshed.
pub const FAMILY_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(pub [u8; 32]);

impl RefreshToken {
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
        Self(bytes)
    }

    /// `None` for what this service cannot have issued.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What its bearer gets.
    pub fn reveal(&self) -> SecretString {
        BASE64_URL_SAFE_NO_PAD.encode(self.0).into()
    }

    /// What the store gets: SHA-256, in base64url.
    pub fn hash(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0))
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text_and_never_shows_in_a_log() {
        let token = RefreshToken::random();
        let text = token.reveal();
        assert_eq!(text.expose_secret().len(), 43);
        assert_eq!(
            RefreshToken::parse(text.expose_secret()),
            Some(token.clone())
        );
        assert_ne!(token.hash(), text.expose_secret());
        assert_eq!(format!("{token:?}"), "RefreshToken(..)");
    }

    #[test]
    fn what_is_not_32_bytes_of_base64url_is_no_token() {
        for bad in [
            "",
            "abc",
            &"A".repeat(42),
            &"A".repeat(44),
            &"+".repeat(43),
            "é",
        ] {
            assert_eq!(RefreshToken::parse(bad), None, "{bad}");
        }
    }
}
