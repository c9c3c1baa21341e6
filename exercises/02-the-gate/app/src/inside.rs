//! The headers that mean something between the gate and the services, and nothing at all from anybody else.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use escale_app_kit::Refusal;

/// Who calls, by the gate's word (L3).
pub const USER_ID: HeaderName = HeaderName::from_static("x-user-id");
/// His roles, with commas between them.
pub const USER_ROLE: HeaderName = HeaderName::from_static("x-user-role");
/// The secret by which the services know the gate.
pub const GATE_PASS: HeaderName = HeaderName::from_static("x-gate-pass");

/// Who calls, as a service believes it. A handler that takes one is not reached without an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub id: String,
    roles: String,
}

impl Caller {
    pub fn must_be(&self, role: &str) -> Result<(), Refusal> {
        match self.roles.split(',').any(|known| known == role) {
            true => Ok(()),
            false => Err(Refusal::new(StatusCode::FORBIDDEN, "Rôle insuffisant")),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let text = |name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        match (text(USER_ID), text(USER_ROLE)) {
            (Some(id), Some(roles)) if !id.is_empty() => Ok(Self { id, roles }),
            _ => Err(Refusal::unauthorized("Identité manquante")),
        }
    }
}
