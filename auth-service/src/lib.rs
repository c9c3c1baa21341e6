//! Who you are: accounts, clients, and the tokens that say so to every other service.
//!
//! Reading order: [`routes`] (what can be asked), [`grants`] (the ways to a token, one a file), [`domain`] (the rules),
//! [`keyring`] and [`key_set`] (what is sealed, and what signs).

pub mod accounts;
pub mod api_keys;
pub mod clients;
pub mod config;
pub mod domain;
pub mod expired_token;
mod forms;
pub mod grants;
pub mod jobs;
pub mod key_set;
pub mod keyring;
mod opening;
pub mod password_hasher;
pub mod revocations;
mod routes;
pub mod seed;
pub mod state;
pub mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use service_kit::inside_service::InsideService;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

pub use crate::config::Config;
pub use crate::routes::api::api;
pub use crate::state::AppState;

/// The whole service but its sockets: what tests call.
pub fn app(state: AppState) -> Router {
    let server = Arc::clone(&state.server);
    service_stack(routes::routes(state), &server)
}

/// Serves until `life` is stopped.
///
/// # Errors
/// The database, the master key, the seed file or the certificates cannot be used.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let identity = Identity::load(&config.kit.tls, &life)?;
    let state = AppState::open(&config, life.clock.clone()).await?;
    jobs::run(&state, &life);
    stop_waiting_questions(&state, &life);
    InsideService {
        service: "auth",
        sockets,
        config: &config.kit.server,
        identity,
        store: state.store.clone(),
        app: app(state),
    }
    .serve(&life)
    .await
}

/// A gateway's question for news waits for seconds; a stop does not wait for it.
fn stop_waiting_questions(state: &AppState, life: &Lifecycle) {
    let (revocations, stopping) = (state.revocations.clone(), life.clone());
    life.spawn(async move {
        stopping.stopped().await;
        revocations.stop();
    });
}
