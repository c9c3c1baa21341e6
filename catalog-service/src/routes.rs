//! The catalogue's doors. Each group of routes takes the services on its list and no others (L15); what the caller
//! of a route must hold stands in the handler's arguments ([`caller::Reader`], [`caller::Editing`]).

pub mod api;
mod body;
mod caller;
mod internal;
mod list;
mod precondition;
mod read;
mod search;
mod write;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use service_kit::peer::{self, Callers};

use crate::AppState;

pub fn routes(state: AppState) -> Router {
    let public = Router::new()
        .route("/tours", get(list::list).post(write::create))
        .route("/tours/search", get(search::search))
        .route(
            "/tours/{id}",
            get(read::read).put(write::change).delete(write::withdraw),
        )
        .layer(from_fn_with_state(Callers::of(&["gateway"]), peer::only));
    let internal = Router::new()
        .route("/internal/tours/{id}", get(internal::read))
        .layer(from_fn_with_state(Callers::of(&["booking"]), peer::only));
    public.merge(internal).with_state(state)
}

#[cfg(test)]
mod tests;
