//! `POST /auth/logout`: ends the refresh family and its access tokens; the gateways refuse them within a second.

use axum::Extension;
use axum::extract::State;
use escale_schemas::refresh::RefreshForm;
use http::StatusCode;
use secrecy::ExposeSecret;
use service_kit::aside::Subject;
use service_kit::error::ApiError;
use service_kit::form::Form;

use crate::domain::refresh_token::RefreshToken;
use crate::grants;
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/auth/logout",
    request_body = RefreshForm,
    responses((status = 204)),
)]
pub async fn logout(
    State(state): State<AppState>,
    form: Form<RefreshForm>,
) -> Result<(Option<Extension<Subject>>, StatusCode), ApiError> {
    let given = escale_schemas::accept(form, state.clock.today())?;
    // A text that this service cannot have issued is answered like any unknown token.
    let account = match RefreshToken::parse(given.refresh_token.expose_secret()) {
        Some(token) => grants::end(&state, &token).await?,
        None => None,
    };
    let subject = account.map(|account| Extension(Subject(account)));
    Ok((subject, StatusCode::NO_CONTENT))
}
