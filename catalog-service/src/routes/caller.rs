//! Who may call: readers hold the scope `tours:read`; editors hold `tours:write` and are guides or administrators.
//! The gateway has checked the same; R3 wants it checked where the data is, too.

use axum::extract::FromRequestParts;
use http::request::Parts;
use service_kit::error::ApiError;
use service_kit::principal::Principal;

use crate::domain::Editor;

/// A user or an application that may read tours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader;

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let principal = Principal::from_request_parts(parts, state).await?;
        principal.require_scope("tours:read")?;
        Ok(Self)
    }
}

/// A user that may write tours; which ones is [`Editor::may_change`]'s to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Editing(pub(super) Editor);

impl<S: Sync> FromRequestParts<S> for Editing {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let principal = Principal::from_request_parts(parts, state).await?;
        principal.require_scope("tours:write")?;
        principal.require_any_role(&["guide", "admin"])?;
        let user = principal.user_id()?;
        Ok(Self(if principal.has_role("admin") {
            Editor::Admin(user)
        } else {
            Editor::Guide(user)
        }))
    }
}
