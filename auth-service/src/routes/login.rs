//! `POST /auth/login`

use axum::Json;
use axum::extract::State;
use escale_schemas::login::{Login, LoginForm};
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;

use super::grant_errors::api_error;
use super::token_answer::TokenAnswer;
use crate::grants;
use crate::state::AppState;

pub async fn login(
    State(state): State<AppState>,
    form: Form<LoginForm>,
) -> Result<Json<TokenAnswer>, ApiError> {
    let Login { pseudo, password } = escale_schemas::accept(form, state.clock.today())?;
    let tokens = grants::login(&state, &pseudo, &password)
        .await
        .map_err(|error| api_error(error, Code::CredentialsInvalid))?;
    Ok(Json(tokens.into()))
}
