//! The user behind a request, and the right to be here. As extractors that stand before the body: whoever may not ask
//! is refused before anything of the body is read.

use axum::extract::FromRequestParts;
use http::request::Parts;
use service_kit::error::ApiError;
use service_kit::principal::Principal;
use uuid::Uuid;

const ROLES: [&str; 3] = ["user", "guide", "admin"];

/// A user who may read bookings: their own.
#[derive(Debug, Clone, Copy)]
pub struct Reader(pub Uuid);

/// A user who may make and cancel bookings: their own.
#[derive(Debug, Clone, Copy)]
pub struct Writer(pub Uuid);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        user(parts, state, "bookings:read").await.map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        user(parts, state, "bookings:write").await.map(Self)
    }
}

/// Both rights are needed: the application's, by its scope, and the user's, by the role.
async fn user<S: Sync>(parts: &mut Parts, state: &S, scope: &str) -> Result<Uuid, ApiError> {
    let principal = Principal::from_request_parts(parts, state).await?;
    // An application in its own name has no bookings.
    let user_id = principal.user_id()?;
    principal.require_scope(scope)?;
    principal.require_any_role(&ROLES)?;
    Ok(user_id)
}
