//! The gateway: the only way in (L1). It terminates TLS, verifies tokens, decides by the route table, and forwards
//! over mTLS.
//!
//! Reading order: `routes.toml` (the policy), [`stack`] (the way of a request), [`layers`] (one file each), then
//! [`route_table`], [`tokens`], [`issuers`], [`jwks`], [`revocations`] and [`proxy`], which the layers use.

pub mod bodies;
pub mod canonical;
pub mod cli;
pub mod client_address;
pub mod config;
pub mod issuers;
pub mod jail;
pub mod jwks;
pub mod layers;
pub mod limits;
pub mod metrics;
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
use service_kit::audit::{Audit, AuditConfig};
use service_kit::lifecycle::Lifecycle;
use service_kit::process::{Misconfigured, Sockets};
use service_kit::server::{Face, ReadyCheck, Server};
use service_kit::tls::Identity;

use bodies::Bodies;
pub use config::Config;
use jail::Jail;
use limits::Limits;
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
    metrics::describe();
    let upstreams = Upstreams::new(&config.upstreams, &inside, &life.clock, &config.forward)?;
    let audit = open_audit(&config.audit, &life)?;
    let auth = upstreams.of(Service::Auth);
    let issuers = issuers::start(&config, auth, &life)?;
    let revocations = Revocations::unknown();
    let feed = AuthFeed::new(auth.clone());
    revocations::follow(Arc::new(feed), &revocations, &life);
    let tokens = Tokens::of(issuers, revocations, life.clock.clone());
    let jail = Jail::new(config.routes.jail(), life.clock.clone(), {
        let audit = audit.clone();
        move |ban| audit.note(ban)
    });
    jail.keep_count(&life);
    let limits = Limits::in_process(
        config.routes.limits(),
        &life.clock,
        config.limiter_most_keys,
    );
    limits.keep_small(&life);
    let state = AppState {
        jail: jail.clone(),
        proxies: config.proxies.clone(),
        limits,
        routes: Arc::clone(&config.routes),
        tokens: tokens.clone(),
        upstreams,
        audit: audit.clone(),
        clock: life.clock.clone(),
        bodies: Bodies {
            clock: life.clock.clone(),
            patience: config.kit.server.body_timeout,
        },
    };
    let ready: ReadyCheck = Arc::new(move || std::future::ready(tokens.is_ready()).boxed());
    let server = Server {
        service: "gateway",
        sockets,
        config: &config.kit.server,
        identity: edge,
        face: Face::Public,
        admin: jail::admin::routes(jail, audit.clone()),
        app: app(state),
        ready,
    };
    let served = server.serve(&life).await;
    // After the last request, so that its record is written too.
    audit.close().await;
    served
}

/// A log that was tampered with, or that another gateway holds, is for the operator: starting again will not help.
fn open_audit(config: &AuditConfig, life: &Lifecycle) -> anyhow::Result<Audit> {
    let opened = Audit::open(config, life);
    opened.map_err(|error| Misconfigured(format!("AUDIT_FILE: {error}")).into())
}
