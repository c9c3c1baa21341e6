//! Who may ask what. One route a file.

pub mod api;
mod booking_body;
mod cancel;
mod charge;
mod confirm;
mod create;
mod list;
mod show;
#[cfg(test)]
mod tests;
mod user;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use service_kit::peer::{Callers, only};

use crate::AppState;

pub fn router(state: AppState) -> Router {
    for_users().merge(for_payment()).with_state(state)
}

/// What users do, through the gateway.
fn for_users() -> Router<AppState> {
    Router::new()
        .route("/bookings", get(list::list).post(create::create))
        .route("/bookings/{id}", get(show::show))
        .route("/bookings/{id}/cancel", post(cancel::cancel))
        .route_layer(from_fn_with_state(Callers::of(&["gateway"]), only))
}

/// What payment does (L14). The gateway is not on this list: no route of it leads here.
fn for_payment() -> Router<AppState> {
    Router::new()
        .route("/internal/bookings/{id}/charge", get(charge::charge))
        .route("/internal/bookings/{id}/confirm", post(confirm::confirm))
        .route_layer(from_fn_with_state(Callers::of(&["payment"]), only))
}
