//! Taking back what was issued: a token, all tokens of a login, or all that a subject has got so far (R8).
//!
//! A gateway checks signed tokens by itself, so it must be told. It has to remember a revocation only for as long as a
//! token that it touches could live.

use std::time::Duration;

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::access_token;

/// More than the clocks of two instances of this service differ: a token may have been signed by the other one.
const SLACK: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// One token, by its `jti`; or one API key, by its id. A gateway goes by what it was told of a key for less long
    /// than a token lives.
    Token(Uuid),
    /// All tokens of a login, by their `sid`: logout, or a refresh token that was used again.
    Family(Uuid),
    /// All tokens that were issued to a `sub` until this moment: an account that is locked, a client whose secret
    /// leaked. Tokens are dated in seconds; those of this very second are taken back too.
    Subject { sub: String, until: Timestamp },
}

impl Revoked {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Family(_) => "family",
            Self::Subject { .. } => "subject",
        }
    }

    pub fn value(&self) -> String {
        match self {
            Self::Token(id) | Self::Family(id) => id.to_string(),
            Self::Subject { sub, .. } => sub.clone(),
        }
    }

    /// Seconds; 0 where the kind knows no such limit.
    pub fn issued_until(&self) -> i64 {
        match self {
            Self::Token(_) | Self::Family(_) => 0,
            Self::Subject { until, .. } => until.seconds(),
        }
    }
}

/// When the last token that a revocation of this moment touches is dead.
pub fn ends(now: Timestamp) -> Timestamp {
    now.plus(access_token::LIFE).plus(SLACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_outlives_every_token_that_it_touches() {
        let now = Timestamp(1_000_000);
        assert!(ends(now) > now.plus(access_token::LIFE));
    }

    #[test]
    fn a_subject_is_revoked_up_to_a_second_and_the_others_whatever_their_date() {
        let (id, until) = (Uuid::new_v4(), Timestamp(61_999));
        assert_eq!(Revoked::Token(id).issued_until(), 0);
        assert_eq!(Revoked::Family(id).issued_until(), 0);
        let subject = Revoked::Subject {
            sub: "app".to_owned(),
            until,
        };
        assert_eq!(
            (subject.issued_until(), subject.value()),
            (61, "app".to_owned())
        );
    }
}
