//! The part that sees every answer; see [`super`].

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use service_kit::error::ApiError;

use super::super::left_by_an_outer_layer;
use super::refusal;
use super::visit::Visit;
use crate::client_address::ClientAddress;
use crate::jail::{Inmate, Jail};

pub async fn watch(
    State(jail): State<Jail>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let address = Inmate::address(address_of(&request)?);
    let visit = Visit::new(address.clone(), jail.seconds_left(&address).await);
    request.extensions_mut().insert(visit.clone());
    let response = next.run(request).await;
    if let Some(seconds) = visit.seconds_left() {
        // `route` is further out than `jail`: without this, 404 and 429 would tell a banned scanner what exists.
        if response.status().is_client_error() {
            return Err(refusal("address", seconds));
        }
        return Ok(response);
    }
    let code = response
        .extensions()
        .get::<ApiError>()
        .map(|error| error.code);
    visit.settle(&jail, response.status(), code).await;
    Ok(response)
}

/// What a client writes into a header is no address, unless a trusted proxy wrote it.
fn address_of(request: &Request) -> Result<IpAddr, ApiError> {
    let ClientAddress(address) = left_by_an_outer_layer(request)?;
    Ok(address)
}
