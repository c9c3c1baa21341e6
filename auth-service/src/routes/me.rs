//! `GET /auth/me`

use axum::Json;
use axum::extract::State;
use service_kit::error::{ApiError, Code};
use service_kit::principal::Principal;

use super::grant_errors::unauthorized;
use super::profile_answer::ProfileAnswer;
use crate::accounts;
use crate::state::AppState;

#[utoipa::path(
    get,
    path = "/auth/me",
    responses((status = 200, body = ProfileAnswer)),
)]
pub async fn me(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<ProfileAnswer>, ApiError> {
    principal.require_scope("profile")?;
    let id = principal.user_id()?;
    let profile = accounts::find(&state, id).await?;
    let gone = || unauthorized(Code::TokenInvalid).because(format_args!("account {id} is gone"));
    Ok(Json(profile.ok_or_else(gone)?.into()))
}
