//! payment-service: pays bookings, and gives the money back where a booking cannot be had.
//!
//! Reading order: [`domain`] (states, steps, protocol), [`store`] (payments and the outbox), [`worker`] (who does the
//! steps), [`routes`]. [`test_bank`] is the bank that demonstrations and tests pay with; it is a service of its own.

pub mod config;
pub mod domain;
pub mod jobs;
pub mod peers;
pub mod ports;
pub mod routes;
pub mod state;
pub mod store;
pub mod test_bank;
#[cfg(test)]
mod testing;
pub mod worker;

use std::sync::Arc;

use axum::Router;
use service_kit::client::PeerClient;
use service_kit::inside_service::InsideService;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

pub use config::Config;
use peers::CALL_TIMEOUT;
use peers::bank::BankPeer;
use peers::booking::BookingPeer;
pub use routes::api::api;
use state::AppState;
use store::PaymentStore;

/// Runs the service until `life` is stopped.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let store = PaymentStore::open(&config.store).await?;
    let identity = Identity::load(&config.kit.tls, &life)?;
    let bank = PeerClient::new(config.bank, "bank", &identity, CALL_TIMEOUT)?;
    let booking = PeerClient::new(config.booking, "booking", &identity, CALL_TIMEOUT)?;
    let state = AppState::new(
        store,
        Arc::new(BankPeer(bank)),
        Arc::new(BookingPeer(booking)),
        life.clone(),
        config.answer_within,
        config.kit.server.clone(),
    );
    jobs::start(&state);
    InsideService {
        service: "payment",
        sockets,
        config: &config.kit.server,
        identity,
        store: state.store.store().clone(),
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
