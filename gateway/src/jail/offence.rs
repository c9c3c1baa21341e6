//! What costs points.

use http::StatusCode;
use service_kit::error::Code;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offence {
    /// A name and password, or a client and its secret, that auth did not take.
    FailedLogin,
    /// 401: no token, or a bad one.
    Unauthenticated,
    /// 403: a right that the caller does not have.
    Forbidden,
    /// 404: a path or a thing that does not exist, or is somebody else's.
    NotFound,
    /// 429 of the limit for all requests, or of the daily quota.
    Limited,
    /// 429 of a costly route: a burst of searches or logins.
    Burst,
    /// One more thing looked at than a person looks at.
    Walk,
}

impl Offence {
    pub const ALL: [Self; 7] = [
        Self::FailedLogin,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Limited,
        Self::Burst,
        Self::Walk,
    ];

    /// The name in `routes.toml`, the metrics and the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FailedLogin => "failed_login",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Limited => "limited",
            Self::Burst => "burst",
            Self::Walk => "walk",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|offence| offence.as_str() == name)
    }

    /// Judges an answer, the gateway's own (`code`) or a service's. `is_login`: the route takes passwords.
    pub fn of(status: StatusCode, code: Option<Code>, is_login: bool) -> Option<Self> {
        match (status, code) {
            // The ban itself: else a client that repeats by itself would never come out again.
            (_, Some(Code::Jailed)) => None,
            // Its signature was good: an application that was left open overnight, and no guess.
            (_, Some(Code::TokenExpired)) => None,
            (StatusCode::TOO_MANY_REQUESTS, Some(Code::EndpointLimitReached)) => Some(Self::Burst),
            (StatusCode::TOO_MANY_REQUESTS, _) => Some(Self::Limited),
            (StatusCode::UNAUTHORIZED, _) if is_login => Some(Self::FailedLogin),
            (StatusCode::UNAUTHORIZED, _) => Some(Self::Unauthenticated),
            (StatusCode::FORBIDDEN, _) => Some(Self::Forbidden),
            (StatusCode::NOT_FOUND, _) => Some(Self::NotFound),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_the_offence_that_it_shows_and_success_is_none() {
        for (status, code, is_login, expected) in [
            (200, None, true, None),
            (400, Some(Code::InvalidData), true, None),
            (401, None, true, Some(Offence::FailedLogin)),
            (
                401,
                Some(Code::TokenInvalid),
                false,
                Some(Offence::Unauthenticated),
            ),
            (401, Some(Code::TokenExpired), false, None),
            (
                403,
                Some(Code::InsufficientScope),
                false,
                Some(Offence::Forbidden),
            ),
            (404, None, false, Some(Offence::NotFound)),
            (
                404,
                Some(Code::RouteNotFound),
                false,
                Some(Offence::NotFound),
            ),
            (405, Some(Code::MethodNotAllowed), false, None),
            (
                429,
                Some(Code::TooManyRequests),
                false,
                Some(Offence::Limited),
            ),
            (
                429,
                Some(Code::DailyQuotaExceeded),
                false,
                Some(Offence::Limited),
            ),
            (
                429,
                Some(Code::EndpointLimitReached),
                true,
                Some(Offence::Burst),
            ),
            (429, Some(Code::Jailed), true, None),
            (503, Some(Code::ServiceUnavailable), true, None),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(
                Offence::of(status, code, is_login),
                expected,
                "{status} {code:?}"
            );
        }
    }
}
