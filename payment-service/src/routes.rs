//! Which routes there are, and which services may call them (deny by default).

pub mod api;
mod caller;
mod pay;
mod payment_body;
mod read;
mod refund;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use service_kit::peer::{self, Callers};

use crate::state::AppState;

pub fn routes(state: AppState) -> Router {
    let for_users = Router::new()
        .route("/payments", get(read::list).post(pay::pay))
        .route("/payments/{id}", get(read::one))
        .layer(from_fn_with_state(Callers::of(&["gateway"]), peer::only));
    let for_booking = Router::new()
        .route("/internal/refunds", post(refund::refund))
        .layer(from_fn_with_state(Callers::of(&["booking"]), peer::only));
    for_users.merge(for_booking).with_state(state)
}

#[cfg(test)]
mod tests;
