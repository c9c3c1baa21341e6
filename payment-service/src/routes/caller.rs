//! Who may use a route, as extractors: a handler's signature states its security. Checked at the gateway already, and
//! here again (R3). An extractor refuses before the body is read.

use axum::extract::FromRequestParts;
use http::request::Parts;
use service_kit::error::ApiError;
use service_kit::principal::Principal;
use uuid::Uuid;

const ROLES: [&str; 3] = ["user", "guide", "admin"];

/// A user who may pay: scope `payments:write`.
#[derive(Debug, Clone, Copy)]
pub struct Payer {
    pub user_id: Uuid,
}

/// A user who may see their own payments: scope `payments:read`.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub user_id: Uuid,
}

impl<S: Sync> FromRequestParts<S> for Payer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let user_id = user_with(parts, state, "payments:write").await?;
        Ok(Self { user_id })
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let user_id = user_with(parts, state, "payments:read").await?;
        Ok(Self { user_id })
    }
}

async fn user_with<S: Sync>(parts: &mut Parts, state: &S, scope: &str) -> Result<Uuid, ApiError> {
    let principal = Principal::from_request_parts(parts, state).await?;
    principal.require_scope(scope)?;
    principal.require_any_role(&ROLES)?;
    principal.user_id()
}
