//! The test bank: a tiny but correct bank, a service of its own (SPIFFE name `bank`, port 3005), so that payments can
//! be shown, and made to fail, without a real one.
//!
//! How it answers is decided by the card token ([`behaviour`]); how often money was really taken is in its
//! [`ledger`], which tests read.

pub mod behaviour;
pub mod charge;
mod config;
pub mod ledger;
mod lost_answer;
mod routes;

use std::time::Duration;

use axum::Router;
use service_kit::clock::Clock;
use service_kit::config::ServerConfig;
use service_kit::inside_service::InsideService;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

pub use config::Config;
pub use ledger::Ledger;

#[derive(Clone)]
pub struct AppState {
    pub ledger: Ledger,
    pub clock: Clock,
    /// How long `tok_slow` takes.
    pub slow: Duration,
    pub server: ServerConfig,
}

/// Runs the bank until `life` is stopped.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let ledger = Ledger::open(&config.store).await?;
    let identity = Identity::load(&config.kit.tls, &life)?;
    let state = AppState {
        ledger,
        clock: life.clock.clone(),
        slow: config.slow,
        server: config.kit.server.clone(),
    };
    InsideService {
        service: "bank",
        sockets,
        config: &config.kit.server,
        identity,
        store: state.ledger.store().clone(),
        app: app(state),
    }
    .serve(&life)
    .await
}

/// The routes behind the stack that every service has.
pub fn app(state: AppState) -> Router {
    let server = state.server.clone();
    service_stack(routes::routes(state), &server)
}
