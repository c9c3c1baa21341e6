//! What the catalogue reads from its environment: the sections of every service, and `DATABASE_URL`.

use service_kit::config::{KitConfig, Settings, StoreConfig};

/// The catalogue's port in the course (L1).
const DEFAULT_PORT: u16 = 3002;

#[derive(Debug, Clone)]
pub struct Config {
    pub kit: KitConfig,
    pub store: StoreConfig,
}

impl Config {
    /// `None` when something is wrong; [`Settings`] then holds every fault.
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, DEFAULT_PORT);
        let store = StoreConfig::read(settings);
        Some(Self {
            kit: kit?,
            store: store?,
        })
    }
}
