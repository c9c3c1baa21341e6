//! The gateway: the only way in (L1). It terminates TLS, verifies tokens, decides by the route table, and forwards
//! over mTLS.
//!
//! Reading order: `routes.toml` (the policy), [`stack`] (the way of a request), [`layers`] (one file each), then
//! [`route_table`], [`tokens`], [`issuers`], [`jwks`], [`api_keys`], [`revocations`] and [`proxy`], which the layers use.
//! [`docs`] is the description of the API, which it serves by itself.

pub mod api_keys;
pub mod bodies;
pub mod bounded_cache;
pub mod canonical;
pub mod cli;
pub mod client_address;
pub mod config;
pub mod docs;
pub mod issuers;
pub mod jail;
pub mod jwks;
pub mod layers;
pub mod limits;
pub mod metrics;
pub mod proxy;
pub mod revocations;
pub mod route_table;
pub mod shared_store;
pub mod stack;
pub mod state;
#[cfg(test)]
mod test_issuer;
#[cfg(test)]
mod test_log;
#[cfg(test)]
mod test_network;
#[cfg(test)]
mod test_store;
pub mod tokens;

use std::sync::Arc;

use axum::Router;
use futures_util::FutureExt;
use service_kit::audit::{Audit, AuditConfig};
use service_kit::clock::Clock;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::{Misconfigured, Sockets};
use service_kit::server::{Face, ReadyCheck, Server};
use service_kit::tls::Identity;

use api_keys::{ApiKeys, ask_auth};
use bodies::Bodies;
pub use config::Config;
use jail::{Jail, MemoryRegister, Register, SharedRegister};
use limits::Limits;
use revocations::{AuthFeed, Revocations};
use route_table::Service;
use shared_store::SharedStore;
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
    let keys = ApiKeys::new(ask_auth(auth.clone()), revocations.clone(), &life);
    let tokens = Tokens::of(issuers, revocations, life.clock.clone());
    let shared = match config.shared_store.clone() {
        Some(redis) => Some(SharedStore::connect(redis, &life).await),
        None => None,
    };
    let jail = open_jail(&config, shared.as_ref(), &audit, &life).await;
    jail.keep_count(&life);
    let limits = open_limits(&config, shared, &life.clock);
    limits.keep_small(&life);
    let state = AppState {
        jail: jail.clone(),
        proxies: config.proxies.clone(),
        limits,
        routes: Arc::clone(&config.routes),
        tokens: tokens.clone(),
        keys,
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

/// This process's own, or the one that all gateways share.
async fn open_jail(
    config: &Config,
    shared: Option<&SharedStore>,
    audit: &Audit,
    life: &Lifecycle,
) -> Jail {
    let (rules, audit) = (config.routes.jail(), audit.clone());
    let register: Box<dyn Register> = match shared {
        None => Box::new(MemoryRegister::new(rules.clone())),
        Some(store) => Box::new(SharedRegister::follow(rules.clone(), store.clone(), life).await),
    };
    Jail::with(register, rules, life.clock.clone(), move |ban| {
        audit.note(ban)
    })
}

/// As [`open_jail`].
fn open_limits(config: &Config, shared: Option<SharedStore>, clock: &Clock) -> Limits {
    let (classes, most_keys) = (config.routes.limits(), config.limiter_most_keys);
    match shared {
        None => Limits::in_process(classes, clock, most_keys),
        Some(store) => Limits::shared(classes, clock, most_keys, store),
    }
}

/// A log that was tampered with, or that another gateway holds, is for the operator: starting again will not help.
fn open_audit(config: &AuditConfig, life: &Lifecycle) -> anyhow::Result<Audit> {
    let opened = Audit::open(config, life);
    opened.map_err(|error| Misconfigured(format!("AUDIT_FILE: {error}")).into())
}
