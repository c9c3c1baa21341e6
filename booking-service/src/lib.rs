//! Bookings: seats of a tour on a day, held for fifteen minutes, firm once they are paid.
//!
//! Reading order: [`domain`] (what a booking may become), [`store`] (why no seat is sold twice), [`routes`] (who may
//! ask what), [`jobs`] (what happens without being asked), [`peers`] (whom this service calls).

mod config;
pub mod domain;
mod error;
pub mod jobs;
pub mod peers;
pub mod routes;
mod state;
pub mod store;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use axum::Router;
use service_kit::inside_service::InsideService;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

pub use config::Config;
pub use routes::api::api;
pub use state::AppState;

use peers::{CatalogueOverMtls, PaymentOverMtls};
use store::Bookings;

/// The whole service over HTTP: its routes within the layers that every service has.
pub fn app(state: AppState) -> Router {
    let server = state.server.clone();
    service_stack(routes::router(state), &server)
}

/// Runs the service on `sockets` until `life` is stopped.
///
/// # Errors
/// Certificates, database or addresses that cannot be used.
pub async fn start(config: Config, sockets: Sockets, life: Lifecycle) -> anyhow::Result<()> {
    let identity = Identity::load(&config.kit.tls, &life)?;
    let bookings = Bookings::open(&config.store).await?;
    let catalogue = CatalogueOverMtls::new(config.catalogue_url, &identity)?;
    let payment = PaymentOverMtls::new(config.payment_url, &identity)?;
    jobs::start(&bookings, Arc::new(payment), &life);
    let state = AppState {
        bookings: bookings.clone(),
        catalogue: Arc::new(catalogue),
        clock: life.clock.clone(),
        server: config.kit.server.clone(),
    };
    InsideService {
        service: "booking",
        sockets,
        config: &config.kit.server,
        identity,
        app: app(state),
        store: bookings.store().clone(),
    }
    .serve(&life)
    .await
}
