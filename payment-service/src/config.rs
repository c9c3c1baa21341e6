//! This service's configuration: the kit's sections, its database, and the two parties that it calls.

use std::time::Duration;

use service_kit::config::{KitConfig, Settings, StoreConfig};
use url::Url;

#[derive(Debug, Clone)]
pub struct Config {
    pub kit: KitConfig,
    pub store: StoreConfig,
    /// `BOOKING_URL`: booking-service inside the platform, `https://` only.
    pub booking: Url,
    /// `BANK_URL`: the bank, `https://` only.
    pub bank: Url,
    /// `PAYMENT_ANSWER_SECONDS`: a paying request that has no outcome by then answers 202.
    pub answer_within: Duration,
}

impl Config {
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, 3004);
        let store = StoreConfig::read(settings);
        let booking = https(settings, "BOOKING_URL");
        let bank = https(settings, "BANK_URL");
        let answer_within = settings.seconds_or("PAYMENT_ANSWER_SECONDS", 8);
        Some(Self {
            kit: kit?,
            store: store?,
            booking: booking?,
            bank: bank?,
            answer_within: answer_within?,
        })
    }
}

/// What is sent there is about money (L14).
fn https(settings: &Settings, key: &str) -> Option<Url> {
    let url: Url = settings.parse(key)?;
    if url.scheme() == "https" {
        return Some(url);
    }
    settings.fault(key, "must begin with https://");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: R12, L14
    #[test]
    fn a_peer_without_tls_is_a_fault() {
        let settings = Settings::from_pairs([("BANK_URL", "http://localhost:3005")]);
        let faults = settings
            .load(|settings| https(settings, "BANK_URL"))
            .expect_err("plain HTTP");
        assert_eq!(faults.0, ["BANK_URL: must begin with https://"]);
    }
}
