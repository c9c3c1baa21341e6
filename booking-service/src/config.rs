//! The service's configuration: what all services have, and the addresses of the two that it calls.

use service_kit::config::{KitConfig, Settings, StoreConfig};
use url::Url;

/// The course's port (L1).
const DEFAULT_PORT: u16 = 3003;

#[derive(Debug, Clone)]
pub struct Config {
    pub kit: KitConfig,
    pub store: StoreConfig,
    /// `CATALOG_URL`: `https://127.0.0.1:3002`.
    pub catalogue_url: Url,
    /// `PAYMENT_URL`: `https://127.0.0.1:3004`.
    pub payment_url: Url,
}

impl Config {
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, DEFAULT_PORT);
        let store = StoreConfig::read(settings);
        let catalogue_url = service_url(settings, "CATALOG_URL");
        let payment_url = service_url(settings, "PAYMENT_URL");
        Some(Self {
            kit: kit?,
            store: store?,
            catalogue_url: catalogue_url?,
            payment_url: payment_url?,
        })
    }
}

/// Services speak mTLS to each other and nothing else (L15).
fn service_url(settings: &Settings, key: &str) -> Option<Url> {
    let url: Url = settings.parse(key)?;
    if url.scheme() != "https" || !url.has_host() {
        settings.fault(key, "must be an https:// address");
        return None;
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_service_is_never_called_in_plain_text() {
        let settings = Settings::from_pairs([
            ("CATALOG_URL", "http://127.0.0.1:3002"),
            ("PAYMENT_URL", "https://127.0.0.1:3004"),
        ]);
        assert_eq!(service_url(&settings, "CATALOG_URL"), None);
        assert!(service_url(&settings, "PAYMENT_URL").is_some());
        assert!(settings.load(|_| Some(())).is_err());
    }
}
