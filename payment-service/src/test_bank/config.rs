//! The bank's configuration.

use std::time::Duration;

use service_kit::config::{KitConfig, Settings, StoreConfig};

#[derive(Debug, Clone)]
pub struct Config {
    pub kit: KitConfig,
    pub store: StoreConfig,
    /// `BANK_SLOW_MILLISECONDS`: how long `tok_slow` takes.
    pub slow: Duration,
}

impl Config {
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, 3005);
        let store = StoreConfig::read(settings);
        let slow = settings.parse_or("BANK_SLOW_MILLISECONDS", 3_000);
        Some(Self {
            kit: kit?,
            store: store?,
            slow: Duration::from_millis(slow?),
        })
    }
}
