//! The caller's identity as the gateway hands it on: `x-user-id`, `x-user-role`, `x-user-scope` (L3).
//!
//! A service believes these headers because only the gateway can reach it, and the gateway is known by its
//! certificate: a request of any other peer has no principal, whatever its headers say.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName};
use uuid::Uuid;

use crate::error::{ApiError, Code};
use crate::peer::{Callers, Connection};

pub const USER_ID: HeaderName = HeaderName::from_static("x-user-id");
pub const USER_ROLE: HeaderName = HeaderName::from_static("x-user-role");
pub const USER_SCOPE: HeaderName = HeaderName::from_static("x-user-scope");

/// Who calls: a user, or an application in its own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// A user's UUID, or the name of a client (`client_credentials`).
    pub subject: String,
    /// `user`, `guide`, `admin`; an application has none.
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
}

impl Principal {
    /// The user's id; 403 for an application, which owns nothing.
    pub fn user_id(&self) -> Result<Uuid, ApiError> {
        Uuid::try_parse(&self.subject).map_err(|_| {
            ApiError::new(Code::RoleRequired)
                .because("the caller is an application, the route belongs to users")
        })
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Checked at the gateway already, and here again: R3 wants it at every request, against the data.
    pub fn require_scope(&self, scope: &str) -> Result<(), ApiError> {
        if self.scopes.iter().any(|held| held == scope) {
            return Ok(());
        }
        Err(ApiError::new(Code::InsufficientScope).because(format_args!("{scope} is missing")))
    }

    pub fn require_any_role(&self, roles: &[&str]) -> Result<(), ApiError> {
        if roles.iter().any(|role| self.has_role(role)) {
            return Ok(());
        }
        Err(ApiError::new(Code::RoleRequired)
            .because(format_args!("one of {} is needed", roles.join(", "))))
    }

    fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let words = |name: &HeaderName| -> Option<Vec<String>> {
            let mut values = headers.get_all(name).iter();
            let text = match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok()?,
                (None, _) => "",
                // Two values of one identity header: nobody can say which one is meant.
                (Some(_), Some(_)) => return None,
            };
            Some(
                text.split(' ')
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )
        };
        let subject = match words(&USER_ID)?.as_slice() {
            [subject] => subject.clone(),
            _ => return None,
        };
        Some(Self {
            subject,
            roles: words(&USER_ROLE)?,
            scopes: words(&USER_SCOPE)?,
        })
    }
}

/// Whether the gateway speaks, and nobody else: it alone speaks for users.
pub fn is_gateway(extensions: &Extensions) -> bool {
    Callers::of(&["gateway"]).allow(extensions.get::<Connection>())
}

impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if !is_gateway(&parts.extensions) {
            return Err(
                ApiError::new(Code::CallerNotAllowed).because("only the gateway speaks for users")
            );
        }
        Self::from_headers(&parts.headers)
            .ok_or_else(|| ApiError::new(Code::IdentityMissing).because("no single x-user-id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_header_that_is_absent_or_doubled_gives_no_principal() {
        let mut headers = HeaderMap::new();
        assert_eq!(Principal::from_headers(&headers), None);
        headers.insert(
            USER_ID,
            "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"
                .parse()
                .expect("a header value"),
        );
        headers.insert(USER_ROLE, "user guide".parse().expect("a header value"));
        let principal = Principal::from_headers(&headers).expect("a principal");
        assert!(principal.has_role("guide") && principal.scopes.is_empty());
        assert!(principal.require_scope("tours:read").is_err());
        headers.append(
            USER_ID,
            "00000000-0000-4000-8000-000000000000"
                .parse()
                .expect("a header value"),
        );
        assert_eq!(Principal::from_headers(&headers), None);
    }
}
