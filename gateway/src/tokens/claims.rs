//! The claims of an access token (RFC 9068 section 2.2), with strict types, and what is kept of them.
//!
//! CVE-2026-25537: a claim of an unexpected type that counts as absent is a check that does not happen. Here a claim
//! is absent or of its type, `null` included, or the token is refused; a claim that is there twice is refused by serde.

use http::HeaderValue;
use serde::{Deserialize, Deserializer};

use super::TokenFault;

/// Seconds by which the issuer's clock may be ahead of ours, for `iat` and `nbf`. None for `exp`: a token is dead on
/// the second that it names.
const LEEWAY: i64 = 5;
/// Seconds. Ours live for 15 minutes (R8); one that claims more than a day is not of ours, whoever signed it.
const LONGEST_LIFE: i64 = 24 * 60 * 60;
const LONGEST_SUBJECT: usize = 128;

#[derive(Deserialize)]
pub(super) struct Claims {
    sub: String,
    iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    #[serde(default, deserialize_with = "not_null")]
    nbf: Option<i64>,
    jti: String,
    client_id: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// One audience or several (RFC 7519 section 4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// `#[serde(default)]` alone would take `null` for an absent claim.
fn not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    i64::deserialize(deserializer).map(Some)
}

/// What a good token says of its bearer, in the form in which it goes to the services.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// A user's UUID or a client's id: `x-user-id`.
    pub subject: HeaderValue,
    /// Space separated: `x-user-role`.
    pub roles: HeaderValue,
    /// Space separated: `x-user-scope`.
    pub scope: HeaderValue,
    /// Seconds since 1970.
    pub expires: i64,
}

impl Verified {
    /// Whole words only: `tours:read` is not in `tours:readonly`.
    pub fn has_scope(&self, scope: &str) -> bool {
        has_word(&self.scope, scope)
    }

    pub fn has_role(&self, role: &str) -> bool {
        has_word(&self.roles, role)
    }
}

fn has_word(words: &HeaderValue, wanted: &str) -> bool {
    words
        .as_bytes()
        .split(|byte| *byte == b' ')
        .any(|word| word == wanted.as_bytes())
}

impl Claims {
    /// Letter by letter (RFC 9068 section 4): `https://issuer/` is not `https://issuer`.
    pub(super) fn check_parties(&self, issuer: &str, audience: &str) -> Result<(), TokenFault> {
        if self.iss != issuer {
            return Err(TokenFault::Invalid("the issuer is another"));
        }
        let for_us = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.iter().any(|one| one == audience),
        };
        if !for_us {
            return Err(TokenFault::Invalid("the audience is another"));
        }
        Ok(())
    }

    /// RFC 7519 section 4.1.4: not accepted on or after `exp`.
    pub(super) fn check_times(&self, now: i64) -> Result<(), TokenFault> {
        if self.exp <= now {
            return Err(TokenFault::Expired);
        }
        if self.iat > now + LEEWAY || self.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
            return Err(TokenFault::Invalid("the token is of the future"));
        }
        if self.exp.saturating_sub(self.iat) > LONGEST_LIFE {
            return Err(TokenFault::Invalid("the token lives too long"));
        }
        Ok(())
    }

    pub(super) fn into_verified(self) -> Result<Verified, TokenFault> {
        let one_word =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let named = one_word(&self.sub) && self.sub.len() <= LONGEST_SUBJECT;
        if !named || self.jti.is_empty() || self.client_id.is_empty() {
            return Err(TokenFault::Invalid(
                "sub, jti or client_id is empty or no plain word",
            ));
        }
        if !self.roles.iter().all(|role| one_word(role)) {
            return Err(TokenFault::Invalid("a role is no plain word"));
        }
        if !self.scope.is_empty() && !self.scope.split(' ').all(one_word) {
            return Err(TokenFault::Invalid("the scope is no list of plain words"));
        }
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| TokenFault::Invalid("a claim is no header value"))
        };
        Ok(Verified {
            subject: value(&self.sub)?,
            roles: value(&self.roles.join(" "))?,
            scope: value(&self.scope)?,
            expires: self.exp,
        })
    }
}
