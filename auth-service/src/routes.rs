//! What can be asked of this service, and by whom: only the gateway calls it (L1, L15).

pub mod api;
mod api_key_answer;
mod api_keys;
mod client_authentication;
mod discovery;
mod grant_errors;
mod jwks;
mod key_holder;
mod login;
mod logout;
mod me;
mod oauth_error;
mod profile_answer;
mod refresh;
mod register;
mod revocations;
mod token;
mod token_answer;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use service_kit::peer::{self, Callers};

use crate::state::AppState;

/// For what is public and changes slowly: a key is published long before it signs.
const FIVE_MINUTES: [(http::HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=300")];

pub fn routes(state: AppState) -> Router {
    let personal = Router::new()
        .route("/auth/register", post(register::register))
        .route("/auth/login", post(login::login))
        .route("/auth/refresh", post(refresh::refresh))
        .route("/auth/logout", post(logout::logout))
        .route("/auth/me", get(me::me))
        .route("/auth/api-keys", get(api_keys::list).post(api_keys::create))
        .route("/auth/api-keys/{id}", delete(api_keys::revoke))
        .route("/oauth/token", post(token::token))
        .route_layer(map_response(never_stored));
    let public = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(discovery::discovery),
        )
        .route(
            "/.well-known/oauth-authorization-server",
            get(discovery::discovery),
        )
        .route("/.well-known/jwks.json", get(jwks::jwks));
    let internal = Router::new()
        .route("/internal/revocations", get(revocations::revocations))
        .route("/internal/api-keys/{hash}", get(key_holder::key_holder))
        .route_layer(map_response(never_stored));
    personal
        .merge(public)
        .merge(internal)
        .route_layer(from_fn_with_state(Callers::of(&["gateway"]), peer::only))
        .with_state(state)
}

/// RFC 6749 section 5.1 asks it of tokens; here it stands on refusals and personal data too.
async fn never_stored(mut response: Response) -> Response {
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    response
}
