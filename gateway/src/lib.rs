//! The gateway: the only way in (L1). It terminates TLS, verifies tokens, decides by the route table, and forwards
//! over mTLS.
//!
//! Reading order: `routes.toml` (the policy), [`stack`] (the way of a request), [`layers`] (one file each), then
//! [`route_table`], [`tokens`], [`issuers`], [`jwks`], [`revocations`] and [`proxy`], which the layers use.

pub mod canonical;
pub mod config;
pub mod issuers;
pub mod jwks;
pub mod layers;
pub mod proxy;
pub mod revocations;
pub mod route_table;
pub mod stack;
pub mod state;
#[cfg(test)]
mod test_issuer;
#[cfg(test)]
mod test_log;
#[cfg(test)]
mod test_network;
pub mod tokens;

use std::sync::Arc;

use axum::Router;
use futures_util::FutureExt;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::server::{Face, ReadyCheck, Server};
use service_kit::tls::Identity;

pub use config::Config;
use revocations::{AuthFeed, Revocations};
use route_table::Service;
pub use state::AppState;
use state::Upstreams;
use tokens::Tokens;

/// Every layer and, at the end, the services.
pub fn app(state: AppState) -> Router {
    stack::stack(state)
}

/// Runs the gateway until `life` is stopped.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let inside = Identity::load(&config.kit.tls, &life)?;
    let edge = Identity::load(&config.edge, &life)?;
    let upstreams = Upstreams::new(&config.upstreams, &inside)?;
    let auth = upstreams.of(Service::Auth);
    let issuers = issuers::start(&config, auth, &life)?;
    let revocations = Revocations::unknown();
    let feed = AuthFeed::new(auth.clone());
    revocations::follow(Arc::new(feed), &revocations, &life);
    let tokens = Tokens::of(issuers, revocations, life.clock.clone());
    let state = AppState {
        routes: Arc::clone(&config.routes),
        tokens: tokens.clone(),
        upstreams,
    };
    let ready: ReadyCheck = Arc::new(move || std::future::ready(tokens.is_ready()).boxed());
    let server = Server {
        service: "gateway",
        sockets,
        config: &config.kit.server,
        identity: edge,
        face: Face::Public,
        admin: Router::new(),
        app: app(state),
        ready,
    };
    server.serve(&life).await
}
