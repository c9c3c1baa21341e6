//! The claims of an access token (RFC 9068 section 2.2), with strict types, and what is kept of them.
//!
//! CVE-2026-25537: a claim of an unexpected type that counts as absent is a check that does not happen. Here a claim
//! is absent or of its type, `null` included, or the token is refused; a claim that is there twice is refused by serde.

use http::HeaderValue;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::TokenFault;
use crate::revocations::Mark;

/// Seconds by which the issuer's clock may be ahead of ours, for `iat` and `nbf`. None for `exp`: a token is dead on
/// the second that it names.
const LEEWAY: i64 = 5;
const LONGEST_SUBJECT: usize = 128;

#[derive(Deserialize)]
pub(super) struct Claims {
    sub: String,
    pub(super) iss: String,
    pub(super) aud: Audience,
    exp: i64,
    iat: i64,
    #[serde(default, deserialize_with = "not_null")]
    nbf: Option<i64>,
    jti: String,
    client_id: String,
    #[serde(default, deserialize_with = "not_null")]
    sid: Option<String>,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    roles: Vec<String>,
    /// Whether there is one, of whatever form.
    #[serde(default, deserialize_with = "is_there")]
    pub(super) cnf: bool,
}

/// One audience or several (RFC 7519 section 4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

/// `#[serde(default)]` alone would take `null` for an absent claim.
fn not_null<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// What a good token, or API key, says of its bearer, in the form in which it goes to the services.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// A user's UUID, a client's id, or `key:` and a key's: `x-user-id`.
    pub subject: HeaderValue,
    /// For the quota and the jail; of a token, its subject.
    pub counted_as: HeaderValue,
    /// Space separated: `x-user-role`.
    pub roles: HeaderValue,
    /// Space separated: `x-user-scope`.
    pub scope: HeaderValue,
    /// Seconds since 1970.
    pub expires: i64,
}

impl Verified {
    /// What is said must fit into headers, and words must not be able to hide a second one.
    pub(crate) fn new(
        subject: &str,
        roles: &[&str],
        scope: &str,
        expires: i64,
    ) -> Result<Self, TokenFault> {
        if !is_word(subject) || subject.len() > LONGEST_SUBJECT {
            return Err(TokenFault::Invalid(
                "sub is empty, too long or no plain word",
            ));
        }
        if !roles.iter().all(|role| is_word(role)) {
            return Err(TokenFault::Invalid("a role is no plain word"));
        }
        if !scope.is_empty() && !scope.split(' ').all(is_word) {
            return Err(TokenFault::Invalid("the scope is no list of plain words"));
        }
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| TokenFault::Invalid("a claim is no header value"))
        };
        let subject = value(subject)?;
        Ok(Self {
            counted_as: subject.clone(),
            subject,
            roles: value(&roles.join(" "))?,
            scope: value(scope)?,
            expires,
        })
    }

    /// Whole words only: `tours:read` is not in `tours:readonly`.
    pub fn has_scope(&self, scope: &str) -> bool {
        has_word(&self.scope, scope)
    }

    pub fn has_role(&self, role: &str) -> bool {
        has_word(&self.roles, role)
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn has_word(words: &HeaderValue, wanted: &str) -> bool {
    words
        .as_bytes()
        .split(|byte| *byte == b' ')
        .any(|word| word == wanted.as_bytes())
}

impl Claims {
    pub(super) fn check_times(&self, now: i64, longest_life: i64) -> Result<(), TokenFault> {
        let times = Times {
            exp: self.exp,
            iat: self.iat,
            nbf: self.nbf,
        };
        times.check(now, longest_life)
    }

    /// What is kept, and by what the token can be revoked.
    pub(super) fn into_verified(self) -> Result<(Verified, Mark), TokenFault> {
        let sid = self.sid.as_deref();
        if self.jti.is_empty() || self.client_id.is_empty() || sid.is_some_and(str::is_empty) {
            return Err(TokenFault::Invalid("jti, client_id or sid is empty"));
        }
        let roles: Vec<&str> = self.roles.iter().map(String::as_str).collect();
        let verified = Verified::new(&self.sub, &roles, &self.scope, self.exp)?;
        let mark = Mark {
            token: self.jti.into(),
            family: self.sid.map(Box::from),
            subject: self.sub.into(),
            issued: self.iat,
        };
        Ok((verified, mark))
    }
}

/// When a token was made and when it dies, in seconds since 1970.
pub(super) struct Times {
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) nbf: Option<i64>,
}

impl Times {
    /// RFC 7519 section 4.1.4: not accepted on or after `exp`.
    pub(super) fn check(&self, now: i64, longest_life: i64) -> Result<(), TokenFault> {
        if self.exp <= now {
            return Err(TokenFault::Expired);
        }
        if self.iat > now + LEEWAY || self.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
            return Err(TokenFault::Invalid("the token is of the future"));
        }
        if self.exp.saturating_sub(self.iat) > longest_life {
            return Err(TokenFault::Invalid("the token lives too long"));
        }
        Ok(())
    }
}
