//! `POST /auth/register`

use axum::Json;
use axum::extract::State;
use escale_schemas::register::{RegisterForm, Registration};
use http::StatusCode;
use service_kit::error::ApiError;
use service_kit::form::Form;

use super::profile_answer::ProfileAnswer;
use crate::accounts::{self, NewAccount};
use crate::domain::role::Role;
use crate::state::AppState;

pub async fn register(
    State(state): State<AppState>,
    form: Form<RegisterForm>,
) -> Result<(StatusCode, Json<ProfileAnswer>), ApiError> {
    let registration = escale_schemas::accept(form, state.clock.today())?;
    let profile = accounts::create(&state, user(registration)).await?;
    Ok((StatusCode::CREATED, Json(profile.into())))
}

/// Who registers is a user.
fn user(registration: Registration) -> NewAccount {
    NewAccount {
        pseudo: registration.pseudo,
        email: registration.email,
        password: registration.password,
        role: Role::User,
    }
}
