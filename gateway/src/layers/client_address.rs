//! Finds out whose request it is, before anything is written down or counted.
//!
//! - Threat: `X-Forwarded-For`, `X-Real-IP` or `Forwarded` sent by the client itself, with another address in each
//!   request: no limit would ever be reached, and a jail would lock out whoever the attacker names.
//! - Rule: the connection's address. Only a proxy that the operator has named is believed, from the right end of
//!   `X-Forwarded-For` ([`crate::client_address`]).
//! - Answer when it refuses: it never refuses.
//! - Settings: `TRUSTED_PROXIES`, none by default.
//! - Taught by lab 04 (rate limiting).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use service_kit::error::ApiError;
use service_kit::peer::Connection;

use super::left_by_an_outer_layer;
use crate::client_address::TrustedProxies;

pub async fn client_address(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let connection: Connection = left_by_an_outer_layer(&request)?;
    let client = proxies.client(connection.remote.ip(), request.headers());
    request.extensions_mut().insert(client);
    Ok(next.run(request).await)
}
