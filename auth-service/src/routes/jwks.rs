//! `GET /.well-known/jwks.json`: the public keys with which anybody can check our tokens (RFC 7517 section 5).

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::FIVE_MINUTES;
use crate::domain::signing_key::Jwk;
use crate::state::AppState;

#[derive(Serialize, ToSchema)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    responses((status = 200, body = Jwks, headers(("Cache-Control" = String)))),
)]
pub async fn jwks(State(state): State<AppState>) -> impl IntoResponse {
    let keys = state.keys.published();
    (FIVE_MINUTES, Json(Jwks { keys }))
}
