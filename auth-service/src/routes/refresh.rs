//! `POST /auth/refresh`

use axum::extract::State;
use axum::{Extension, Json};
use escale_schemas::refresh::RefreshForm;
use secrecy::ExposeSecret;
use service_kit::aside::Subject;
use service_kit::error::Code;
use service_kit::form::Form;

use super::grant_errors::{SessionError, unauthorized};
use super::token_answer::TokenAnswer;
use crate::domain::refresh_token::RefreshToken;
use crate::grants;
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/auth/refresh",
    request_body = RefreshForm,
    responses(
        (status = 200, body = TokenAnswer),
        (status = 401, description = "refresh_token_invalid"),
    ),
)]
pub async fn refresh(
    State(state): State<AppState>,
    form: Form<RefreshForm>,
) -> Result<(Extension<Subject>, Json<TokenAnswer>), SessionError> {
    let refused = Code::RefreshTokenInvalid;
    let given = escale_schemas::accept(form, state.clock.today())?;
    let token = RefreshToken::parse(given.refresh_token.expose_secret())
        .ok_or_else(|| unauthorized(refused).because("the refresh token has not our form"))?;
    let tokens = grants::refresh(&state, &token)
        .await
        .map_err(|error| SessionError::new(error, refused))?;
    Ok((Extension(Subject(tokens.account)), Json(tokens.into())))
}
