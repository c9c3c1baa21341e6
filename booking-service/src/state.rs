//! What every handler may use.

use std::sync::Arc;

use service_kit::clock::Clock;
use service_kit::config::ServerConfig;

use crate::peers::Catalogue;
use crate::store::Bookings;

#[derive(Clone)]
pub struct AppState {
    pub bookings: Bookings,
    pub catalogue: Arc<dyn Catalogue>,
    pub clock: Clock,
    pub server: ServerConfig,
}
