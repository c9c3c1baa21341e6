//! `POST /auth/register`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use service_kit::error::ApiError;
use service_kit::form::Form;

use super::profile_answer::ProfileAnswer;
use crate::accounts;
use crate::forms::RegisterForm;
use crate::state::AppState;

pub async fn register(
    State(state): State<AppState>,
    form: Form<RegisterForm>,
) -> Result<(StatusCode, Json<ProfileAnswer>), ApiError> {
    let profile = accounts::create(&state, RegisterForm::accept(form)?).await?;
    Ok((StatusCode::CREATED, Json(profile.into())))
}
