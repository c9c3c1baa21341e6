//! The badge itself: a JSON Web Token (RFC 7519), signed with a key that only this service has.
//!
//! - Threat: a badge that its bearer wrote himself, changed, or kept for years.
//! - Rule: J1-J3, R6-R8. The text of the lab says what it comes to.
//! - Taught by lab 01.

use escale_app_kit::Key;
use jsonwebtoken::{EncodingKey, Header};
use serde::{Deserialize, Serialize};

// TODO(lab 01)
// Ce guichet signe avec une clé que tout le monde connaît, donne des badges sans fin, et croit tout ce qu'on lui montre.
//  1. Un badge est signé en HS256 avec la clé reçue (`key`), et avec elle seule.
//  2. Il porte son échéance, `exp` : deux heures après son émission, en secondes depuis 1970.
//  3. `verify` refuse (`Invalid`) tout badge que cette clé n'a pas signé en HS256, quoi que le badge dise de lui-même,
//     et tout badge sans échéance.
//  4. `verify` refuse un badge échu, et dit que c'est pour cela (`Expired`).
//
// This desk signs with a key that everybody knows, gives badges without an end, and believes whatever it is shown.
//  1. A badge is signed by HS256 with the key that is handed in (`key`), and with no other.
//  2. It carries its expiry, `exp`: two hours after it was issued, in seconds since 1970.
//  3. `verify` refuses (`Invalid`) each badge that this key did not sign by HS256, whatever the badge says of itself,
//     and each badge without an expiry.
//  4. `verify` refuses an expired badge, and says that this is why (`Expired`).

/// What a badge says. Everybody who holds it can read this: it is signed, not encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub user: String,
    pub roles: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadgeFault {
    /// It was good once.
    Expired,
    /// Anything else. Which of its parts is wrong is not said: only who forges badges would want to know (R19).
    Invalid,
}

/// A new badge for this user, good from now on.
pub fn issue(_key: &Key, user: &str) -> String {
    let claims = Claims {
        user: user.to_owned(),
        roles: vec!["user".to_owned()],
    };
    let key = EncodingKey::from_secret(b"secret");
    jsonwebtoken::encode(&Header::default(), &claims, &key)
        .expect("these claims can be written as JSON, and HMAC takes any key")
}

/// What the badge says, if this key signed it and its time is not over.
pub fn verify(_key: &Key, badge: &str) -> Result<Claims, BadgeFault> {
    jsonwebtoken::dangerous::insecure_decode_claims(badge).map_err(|_| BadgeFault::Invalid)
}
