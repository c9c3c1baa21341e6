//! `POST /auth/logout`: ends the refresh family and its access tokens; the gateways refuse them within a second.

use axum::extract::State;
use http::StatusCode;
use service_kit::error::ApiError;
use service_kit::form::Form;

use crate::forms::RefreshForm;
use crate::grants;
use crate::state::AppState;

pub async fn logout(
    State(state): State<AppState>,
    form: Form<RefreshForm>,
) -> Result<StatusCode, ApiError> {
    if let Some(token) = RefreshForm::accept(form)? {
        grants::end(&state, &token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
