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
    // One machine writes the time and reads it: nothing to make up for.
    rules.leeway = 0;
    let key = DecodingKey::from_secret(key.bytes());
    match jsonwebtoken::decode(badge, &key, &rules) {
        Ok(badge) => Ok(badge.claims),
        Err(error) if *error.kind() == ErrorKind::ExpiredSignature => Err(BadgeFault::Expired),
        Err(_) => Err(BadgeFault::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn key() -> Key {
        Key::or_random("NOBODY_SETS_THIS").expect("a key")
    }

    /// Seconds from now.
    fn at(seconds: i64) -> u64 {
        jsonwebtoken::get_current_timestamp().saturating_add_signed(seconds)
    }

    fn signed(algorithm: Algorithm, key: &Key, claims: &Value) -> String {
        let key = EncodingKey::from_secret(key.bytes());
        jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("a token")
    }

    #[test]
    fn a_badge_says_who_it_was_made_for_and_lives_two_hours() {
        let key = key();
        let claims = verify(&key, &issue(&key, "zoé")).expect("a good badge");
        assert_eq!(
            (claims.user.as_str(), &claims.roles[..]),
            ("zoé", &["user".to_owned()][..])
        );
        assert!((at(7_190)..=at(7_200)).contains(&claims.exp));
    }

    #[test]
    fn only_the_key_that_signed_a_badge_knows_it() {
        let badge = issue(&key(), "alice");
        assert_eq!(verify(&key(), &badge), Err(BadgeFault::Invalid));
    }

    #[test]
    fn a_badge_of_another_algorithm_is_refused_whatever_it_says_of_itself() {
        let key = key();
        let claims = json!({"user": "alice", "roles": ["user"], "exp": at(60)});
        assert!(verify(&key, &signed(Algorithm::HS256, &key, &claims)).is_ok());
        for algorithm in [Algorithm::HS384, Algorithm::HS512] {
            let badge = signed(algorithm, &key, &claims);
            assert_eq!(
                verify(&key, &badge),
                Err(BadgeFault::Invalid),
                "{algorithm:?}"
            );
        }
        // {"alg":"none","typ":"JWT"}
        let badge = issue(&key, "alice");
        let claims = badge.split('.').nth(1).expect("three parts");
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
        assert_eq!(verify(&key, &unsigned), Err(BadgeFault::Invalid));
    }

    #[test]
    fn a_badge_ends() {
        let key = key();
        for (exp, fault) in [
            (json!(at(-2)), BadgeFault::Expired),
            (json!(at(-86_400)), BadgeFault::Expired),
            (json!(0), BadgeFault::Expired),
            (json!("9999999999"), BadgeFault::Invalid),
            (json!(-1), BadgeFault::Invalid),
            (Value::Null, BadgeFault::Invalid),
        ] {
            let claims = json!({"user": "alice", "roles": ["user"], "exp": exp});
            let badge = signed(Algorithm::HS256, &key, &claims);
            assert_eq!(verify(&key, &badge), Err(fault), "{exp}");
        }
        let endless = signed(
            Algorithm::HS256,
            &key,
            &json!({"user": "alice", "roles": []}),
        );
        assert_eq!(verify(&key, &endless), Err(BadgeFault::Invalid));
    }

    #[test]
    fn what_is_no_token_at_all_is_refused() {
        for badge in ["", ".", "..", "a.b.c", "é", &"a".repeat(100_000)] {
            assert_eq!(verify(&key(), badge), Err(BadgeFault::Invalid));
        }
    }
}
