//! The catalogue of Escale: which tours there are, what they cost, how many people they take.
//!
//! Code tour: [`routes`] says who may ask for what, [`domain`] what a tour is and how a search reads words,
//! [`store`] how tours are kept. `seed/tours.toml` holds the forty tours of a fresh installation.

pub mod config;
pub mod domain;
pub mod routes;
pub mod state;
pub mod store;

use axum::Router;
use service_kit::inside_service::InsideService;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

pub use config::Config;
pub use routes::api::api;
pub use state::AppState;

/// Opens the store, fills an empty one, and serves until `life` is told to stop.
///
/// # Errors
/// The database cannot be opened, the certificate files cannot be used.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let identity = Identity::load(&config.kit.tls, &life)?;
    let state = AppState::open(&config, &life).await?;
    InsideService {
        service: "catalog",
        sockets,
        config: &config.kit.server,
        identity,
        store: state.tours.store().clone(),
        app: app(state),
    }
    .serve(&life)
    .await
}

/// The service's routes inside the stack that all services share.
pub fn app(state: AppState) -> Router {
    let server = state.server.clone();
    service_stack(routes::routes(state), &server)
}
