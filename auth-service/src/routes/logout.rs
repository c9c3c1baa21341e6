//! `POST /auth/logout`: ends the refresh family and its access tokens; the gateways refuse them within a second.

use axum::extract::State;
use escale_schemas::refresh::RefreshForm;
use http::StatusCode;
use secrecy::ExposeSecret;
use service_kit::error::ApiError;
use service_kit::form::Form;

use crate::domain::refresh_token::RefreshToken;
use crate::grants;
use crate::state::AppState;

pub async fn logout(
    State(state): State<AppState>,
    form: Form<RefreshForm>,
) -> Result<StatusCode, ApiError> {
    let given = escale_schemas::accept(form, state.clock.today())?;
    // A text that this service cannot have issued is answered like any unknown token.
    if let Some(token) = RefreshToken::parse(given.refresh_token.expose_secret()) {
        grants::end(&state, &token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
