//! What every handler of the catalogue can reach.

use service_kit::clock::Clock;
use service_kit::config::ServerConfig;
use service_kit::lifecycle::Lifecycle;

use crate::Config;
use crate::store::TourStore;

#[derive(Debug, Clone)]
pub struct AppState {
    pub tours: TourStore,
    pub clock: Clock,
    pub server: ServerConfig,
}

impl AppState {
    /// Opens the store and seeds it where it is empty.
    ///
    /// # Errors
    /// The database cannot be opened or written.
    pub async fn open(config: &Config, life: &Lifecycle) -> anyhow::Result<Self> {
        let tours = TourStore::open(&config.store).await?;
        let seeded = tours.seed_if_empty(life.clock.now()).await?;
        if seeded > 0 {
            tracing::info!(tours = seeded, "the empty catalogue has been seeded");
        }
        Ok(Self {
            tours,
            clock: life.clock.clone(),
            server: config.kit.server.clone(),
        })
    }
}
