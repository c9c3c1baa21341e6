//! What this server is and can do (OpenID Connect Discovery 1.0, RFC 8414): one document at both addresses.
//!
//! It tells what is there now and nothing more. There is no authorization endpoint yet, so no response type; the field
//! is required all the same, hence empty. OpenID requires the last two as well: they say how users will be named and
//! with what every key of the JWKS signs.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::FIVE_MINUTES;
use crate::domain::scope;
use crate::state::AppState;

#[derive(Serialize, ToSchema)]
struct Metadata {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    scopes_supported: &'static [&'static str],
    response_types_supported: &'static [&'static str],
    grant_types_supported: &'static [&'static str],
    token_endpoint_auth_methods_supported: &'static [&'static str],
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: &'static [&'static str],
}

#[utoipa::path(
    get,
    path = "/.well-known/openid-configuration",
    responses((status = 200, body = Metadata, headers(("Cache-Control" = String)))),
)]
pub async fn discovery(State(state): State<AppState>) -> impl IntoResponse {
    let issuer = &state.realm.issuer;
    let metadata = Metadata {
        issuer: issuer.clone(),
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        scopes_supported: &scope::ALL,
        response_types_supported: &[],
        grant_types_supported: &["client_credentials"],
        token_endpoint_auth_methods_supported: &["client_secret_basic", "client_secret_post"],
        subject_types_supported: &["public"],
        id_token_signing_alg_values_supported: &["ES256"],
    };
    (FIVE_MINUTES, Json(metadata))
}
