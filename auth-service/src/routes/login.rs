//! `POST /auth/login`

use axum::extract::State;
use axum::{Extension, Json};
use escale_schemas::login::{Login, LoginForm};
use service_kit::aside::Subject;
use service_kit::error::Code;
use service_kit::form::Form;

use super::grant_errors::SessionError;
use super::token_answer::TokenAnswer;
use crate::grants;
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/auth/login",
    request_body = LoginForm,
    responses(
        (status = 200, body = TokenAnswer),
        (status = 401, description = "credentials_invalid"),
        (status = 503, description = "overloaded"),
    ),
)]
pub async fn login(
    State(state): State<AppState>,
    form: Form<LoginForm>,
) -> Result<(Extension<Subject>, Json<TokenAnswer>), SessionError> {
    let Login { pseudo, password } = escale_schemas::accept(form, state.clock.today())?;
    let tokens = grants::login(&state, &pseudo, &password)
        .await
        .map_err(|error| SessionError::new(error, Code::CredentialsInvalid))?;
    Ok((Extension(Subject(tokens.account)), Json(tokens.into())))
}
