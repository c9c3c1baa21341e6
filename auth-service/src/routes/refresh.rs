//! `POST /auth/refresh`

use axum::Json;
use axum::extract::State;
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;

use super::grant_errors::{api_error, unauthorized};
use super::token_answer::TokenAnswer;
use crate::forms::RefreshForm;
use crate::grants;
use crate::state::AppState;

pub async fn refresh(
    State(state): State<AppState>,
    form: Form<RefreshForm>,
) -> Result<Json<TokenAnswer>, ApiError> {
    let refused = Code::RefreshTokenInvalid;
    let token = RefreshForm::accept(form)?
        .ok_or_else(|| unauthorized(refused).because("the refresh token has not our form"))?;
    let tokens = grants::refresh(&state, &token)
        .await
        .map_err(|error| api_error(error, refused))?;
    Ok(Json(tokens.into()))
}
