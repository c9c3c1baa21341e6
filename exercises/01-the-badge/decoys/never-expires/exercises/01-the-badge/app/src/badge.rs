//! The badge itself: a JSON Web Token (RFC 7519), signed with a key that only this service has.
//!
//! - Threat: a badge that its bearer wrote himself, changed, or kept for years.
//! - Rule: signed by HMAC-SHA-256 and by nothing else; good for two hours; refused without a look at its content when
//!   the signature is wrong (J1-J3, R6-R8).
//! - Taught by lab 01.

use escale_app_kit::Key;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// Seconds for which a badge is good: who steals one has it for an afternoon, not for ever (R8).
const LIFETIME: u64 = 2 * 60 * 60;

/// What a badge says. Everybody who holds it can read this: it is signed, not encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub user: String,
    pub roles: Vec<String>,
    /// Seconds since 1970. A badge without it is no badge.
    pub exp: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadgeFault {
    /// It was good once.
    Expired,
    /// Anything else. Which of its parts is wrong is not said: only who forges badges would want to know (R19).
    Invalid,
}

/// A new badge for this user, good from now on.
pub fn issue(key: &Key, user: &str) -> String {
    let claims = Claims {
        user: user.to_owned(),
        roles: vec!["user".to_owned()],
        exp: jsonwebtoken::get_current_timestamp() + LIFETIME,
    };
    let key = EncodingKey::from_secret(key.bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
        .expect("these claims can be written as JSON, and HMAC takes any key")
}

/// What the badge says, if this key signed it and its time is not over.
pub fn verify(key: &Key, badge: &str) -> Result<Claims, BadgeFault> {
    // We say which algorithm it is to be. The badge says it too, but the badge comes from the caller (RFC 8725
    // section 3.1).
    let mut rules = Validation::new(Algorithm::HS256);
    rules.validate_exp = false;
    let key = DecodingKey::from_secret(key.bytes());
    match jsonwebtoken::decode(badge, &key, &rules) {
        Ok(badge) => Ok(badge.claims),
        Err(error) if *error.kind() == ErrorKind::ExpiredSignature => Err(BadgeFault::Expired),
        Err(_) => Err(BadgeFault::Invalid),
    }
}
