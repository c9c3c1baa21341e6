//! What the authorisation server is told by its environment.

use std::collections::BTreeSet;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretBox};
use service_kit::config::{KitConfig, Settings, StoreConfig};
use url::Url;

use crate::domain::access_token::Realm;
use crate::keyring::MasterKey;

const DEFAULT_PORT: u16 = 3001;

#[derive(Debug)]
pub struct Config {
    pub kit: KitConfig,
    pub store: StoreConfig,
    pub auth: AuthConfig,
}

impl Config {
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, DEFAULT_PORT);
        let store = StoreConfig::read(settings);
        let auth = AuthConfig::read(settings);
        Some(Self {
            kit: kit?,
            store: store?,
            auth: auth?,
        })
    }
}

#[derive(Debug)]
pub struct AuthConfig {
    /// `AUTH_MASTER_KEY` (or `AUTH_MASTER_KEY_FILE`): 32 random bytes in base64; what is sealed in the database opens
    /// with this key only.
    pub master_key: MasterKey,
    /// `ISSUER_URL` and `TOKEN_AUDIENCE`.
    pub realm: Realm,
    /// `SEED_ACCOUNTS_FILE`: accounts and clients that shall exist.
    pub seed: Option<PathBuf>,
}

impl AuthConfig {
    pub fn read(settings: &Settings) -> Option<Self> {
        let master_key = master_key(settings);
        let issuer = issuer(settings);
        let audience = settings.parse_or("TOKEN_AUDIENCE", "escale-api".to_owned());
        let seed = seed(settings);
        Some(Self {
            master_key: master_key?,
            realm: Realm {
                issuer: issuer?,
                audience: audience?,
            },
            seed: seed?,
        })
    }
}

fn master_key(settings: &Settings) -> Option<MasterKey> {
    const KEY: &str = "AUTH_MASTER_KEY";
    let text = settings.secret(KEY)?;
    let bytes = BASE64_STANDARD.decode(text.expose_secret()).ok();
    let Some(bytes) = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        settings.fault(KEY, "must be 32 bytes in base64");
        return None;
    };
    // Of 32 random bytes, fewer than eight different ones never happen: zeros and patterns do (R7).
    if bytes.iter().collect::<BTreeSet<_>>().len() < 8 {
        settings.fault(KEY, "must be random");
        return None;
    }
    Some(SecretBox::new(Box::new(bytes)))
}

/// Tokens and discovery carry it letter for letter, so it has one form only: no slash at the end.
fn issuer(settings: &Settings) -> Option<String> {
    const KEY: &str = "ISSUER_URL";
    let url: Url = settings.parse(KEY)?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    // RFC 8414 section 2: https, without query and fragment.
    if url.scheme() != "https" || !url.has_host() || !plain || url.password().is_some() {
        settings.fault(KEY, "must be an https URL without query, fragment and user");
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn seed(settings: &Settings) -> Option<Option<PathBuf>> {
    const KEY: &str = "SEED_ACCOUNTS_FILE";
    let path: Option<PathBuf> = settings.parse_optional(KEY)?;
    match path {
        Some(path) if !path.is_file() => {
            settings.fault(KEY, format_args!("{} is not a file", path.display()));
            None
        }
        path => Some(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: &str, issuer: &str) -> Result<AuthConfig, usize> {
        let pairs = [("AUTH_MASTER_KEY", key), ("ISSUER_URL", issuer)];
        Settings::from_pairs(pairs)
            .load(AuthConfig::read)
            .map_err(|faults| faults.0.len())
    }

    /// Proves: R7, API7:2019, API8:2023
    #[test]
    fn a_master_key_that_is_short_or_not_random_and_a_plain_http_issuer_are_told_at_once() {
        let random = BASE64_STANDARD.encode(std::array::from_fn::<u8, 32, _>(|place| place as u8));
        let short = BASE64_STANDARD.encode([7; 16]);
        let zeros = BASE64_STANDARD.encode([0; 32]);
        assert!(read(&random, "https://localhost:8080").is_ok());
        for bad in ["", "not base64!", &short, &zeros] {
            assert_eq!(read(bad, "http://localhost:8080").err(), Some(2), "{bad}");
        }
    }

    #[test]
    fn the_issuer_has_no_slash_at_its_end() {
        let random = BASE64_STANDARD.encode(std::array::from_fn::<u8, 32, _>(|place| place as u8));
        for given in ["https://localhost:8080", "https://localhost:8080/"] {
            let config = read(&random, given).expect("a configuration");
            assert_eq!(config.realm.issuer, "https://localhost:8080");
        }
        for bad in [
            "https://localhost/?a",
            "https://u@localhost",
            "localhost:8080",
            "https://h/#x",
        ] {
            assert!(read(&random, bad).is_err(), "{bad}");
        }
    }
}
