//! `POST /auth/api-keys`, `GET /auth/api-keys`, `DELETE /auth/api-keys/{id}`: one's own keys, and nobody else's.

use axum::Json;
use axum::extract::State;
use escale_schemas::api_key::{ApiKeyForm, ApiKeyRequest};
use http::StatusCode;
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use service_kit::path_id::PathId;
use service_kit::principal::Principal;

use super::api_key_answer::{KeyAnswer, KeyListAnswer, NewKeyAnswer};
use crate::api_keys::{self, NewKey};
use crate::domain::scope::Scopes;
use crate::state::AppState;

/// Apart from `profile`: an application that may read a name must not be able to make itself a credential that outlives
/// its token.
const SCOPE: &str = "keys";

#[utoipa::path(
    post,
    path = "/auth/api-keys",
    request_body = ApiKeyForm,
    responses(
        (status = 201, body = NewKeyAnswer),
        (status = 409, description = "too_many_api_keys"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    form: Form<ApiKeyForm>,
) -> Result<(StatusCode, Json<NewKeyAnswer>), ApiError> {
    principal.require_scope(SCOPE)?;
    let owner = principal.user_id()?;
    let asked = escale_schemas::accept(form, state.clock.today())?;
    let (stored, key) = api_keys::create(&state, owner, new_key(asked)?).await?;
    let answer = NewKeyAnswer::new(stored, key);
    Ok((StatusCode::CREATED, Json(answer)))
}

#[utoipa::path(
    get,
    path = "/auth/api-keys",
    responses((status = 200, body = KeyListAnswer)),
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<KeyListAnswer>, ApiError> {
    principal.require_scope(SCOPE)?;
    let keys = api_keys::list(&state, principal.user_id()?).await?;
    let items = keys.into_iter().map(KeyAnswer::from).collect();
    Ok(Json(KeyListAnswer { items }))
}

#[utoipa::path(
    delete,
    path = "/auth/api-keys/{id}",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_found")),
)]
pub async fn revoke(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    principal.require_scope(SCOPE)?;
    match api_keys::revoke(&state, id, principal.user_id()?).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Code::NotFound.into()),
    }
}

fn new_key(asked: ApiKeyRequest) -> Result<NewKey, ApiError> {
    let scopes = Scopes::parse(&asked.scopes.join(" "));
    Ok(NewKey {
        name: asked.name,
        scopes: scopes.ok_or_else(|| ApiError::internal("the form let a malformed scope pass"))?,
        days: asked.expires_in_days,
    })
}
