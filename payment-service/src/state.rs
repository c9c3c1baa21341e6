//! What every handler and job of this service can reach.

use std::sync::Arc;
use std::time::Duration;

use service_kit::config::ServerConfig;
use service_kit::lifecycle::Lifecycle;

use crate::ports::{Bank, Bookings};
use crate::store::PaymentStore;
use crate::worker::Worker;

#[derive(Clone)]
pub struct AppState {
    pub store: PaymentStore,
    pub worker: Worker,
    pub bookings: Arc<dyn Bookings>,
    pub life: Lifecycle,
    /// How long a paying request waits for its outcome before it answers 202.
    pub answer_within: Duration,
    pub server: ServerConfig,
}

impl AppState {
    pub fn new(
        store: PaymentStore,
        bank: Arc<dyn Bank>,
        bookings: Arc<dyn Bookings>,
        life: Lifecycle,
        answer_within: Duration,
        server: ServerConfig,
    ) -> Self {
        let worker = Worker::new(store.clone(), bank, Arc::clone(&bookings), life.clone());
        Self {
            store,
            worker,
            bookings,
            life,
            answer_within,
            server,
        }
    }
}
