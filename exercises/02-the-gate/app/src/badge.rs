//! What a badge says, and how the user service makes one. Lab 01 is about this file; here it is given.

use escale_app_kit::Key;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

/// Seconds for which a badge is good (S2).
const LIFETIME: u64 = 60 * 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub user: String,
    pub roles: Vec<String>,
    /// Seconds since 1970.
    pub exp: u64,
}

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
