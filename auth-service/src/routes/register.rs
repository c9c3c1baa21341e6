//! `POST /auth/register`

use axum::extract::State;
use axum::{Extension, Json};
use escale_schemas::register::{RegisterForm, Registration};
use http::StatusCode;
use service_kit::aside::Subject;
use service_kit::error::ApiError;
use service_kit::form::Form;

use super::profile_answer::ProfileAnswer;
use crate::accounts::{self, NewAccount};
use crate::domain::role::Role;
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/auth/register",
    request_body = RegisterForm,
    responses(
        (status = 201, body = ProfileAnswer),
        (status = 409, description = "pseudo_taken, email_taken"),
        (status = 503, description = "overloaded"),
    ),
)]
pub async fn register(
    State(state): State<AppState>,
    form: Form<RegisterForm>,
) -> Result<(StatusCode, Extension<Subject>, Json<ProfileAnswer>), ApiError> {
    let registration = escale_schemas::accept(form, state.clock.today())?;
    let profile = accounts::create(&state, user(registration)).await?;
    let subject = Extension(Subject(profile.id));
    Ok((StatusCode::CREATED, subject, Json(profile.into())))
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
