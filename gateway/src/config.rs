//! The gateway's configuration. All faults are told at once, those of the route table with their lines.

use std::sync::Arc;

use service_kit::audit::AuditConfig;
use service_kit::config::{KitConfig, Settings, TlsConfig};
use url::Url;

use crate::client_address::TrustedProxies;
use crate::issuers::settings::IssuerConfig;
use crate::proxy::config::ForwardConfig;
use crate::route_table::{RouteTable, Service, Source};
use crate::shared_store::SharedStoreConfig;

const PORT: u16 = 8080;

#[derive(Debug, Clone)]
pub struct Config {
    pub kit: KitConfig,
    /// The certificate that the world sees: `EDGE_CERT_FILE`, `EDGE_KEY_FILE`; `EDGE_TLS_MIN` is `1.3`, or `1.2` for
    /// old clients (R12).
    pub edge: TlsConfig,
    pub upstreams: UpstreamUrls,
    pub forward: ForwardConfig,
    /// `ISSUER_URL`: compared with a token's `iss` letter by letter (RFC 9068 section 4).
    pub issuer: String,
    /// `TOKEN_AUDIENCE`: must be in a token's `aud`.
    pub audience: String,
    /// `ISSUERS_FILE`: further issuers whose tokens are taken.
    pub issuers: Vec<IssuerConfig>,
    /// `ROUTES_FILE`, or the table that the gateway was built with.
    pub routes: Arc<RouteTable>,
    pub audit: AuditConfig,
    /// `TRUSTED_PROXIES`: addresses and networks, separated by commas, whose `X-Forwarded-For` is believed.
    pub proxies: TrustedProxies,
    /// `LIMITER_MOST_KEYS`: addresses or users that each class of limits keeps apart at one time.
    pub limiter_most_keys: usize,
    /// `REDIS_URL`: what this gateway shares with others.
    pub shared_store: Option<SharedStoreConfig>,
}

impl Config {
    pub fn read(settings: &Settings) -> Option<Self> {
        let kit = KitConfig::read(settings, PORT);
        let certificate = settings.file("EDGE_CERT_FILE");
        let key = settings.file("EDGE_KEY_FILE");
        let oldest_tls = settings.one_of("EDGE_TLS_MIN", &["1.2", "1.3"], "1.3");
        let upstreams = UpstreamUrls::read(settings);
        let forward = ForwardConfig::read(settings, kit.as_ref().map(|kit| &kit.server));
        let issuer = origin(settings, "ISSUER_URL", PORT);
        let own = issuer
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/'));
        let issuers = crate::issuers::settings::read(settings, own);
        let audience = settings.parse_or("TOKEN_AUDIENCE", "escale-api".to_owned());
        let routes = read_routes(settings);
        let audit = AuditConfig::read(settings);
        let proxies = settings.networks("TRUSTED_PROXIES");
        let limiter_most_keys = read_most_keys(settings);
        let own = kit.as_ref().map(|kit| &kit.tls);
        let shared_store = SharedStoreConfig::read(settings, own);
        let kit = kit?;
        // No client shows a certificate at the edge; the inside authorities serve for the file format alone.
        let edge = TlsConfig {
            certificate: certificate?,
            key: key?,
            with_tls12: oldest_tls? == "1.2",
            ..kit.tls.clone()
        };
        Some(Self {
            kit,
            edge,
            upstreams: upstreams?,
            forward: forward?,
            issuer: issuer?.as_str().trim_end_matches('/').to_owned(),
            audience: audience?,
            issuers: issuers?,
            routes: Arc::new(routes?),
            audit: audit?,
            proxies: proxies?.into(),
            limiter_most_keys: limiter_most_keys?,
            shared_store: shared_store?,
        })
    }
}

/// `AUTH_URL`, `CATALOG_URL`, `BOOKING_URL`, `PAYMENT_URL`: https origins; the course's ports (L1) unless set.
#[derive(Debug, Clone)]
pub struct UpstreamUrls {
    pub auth: Url,
    pub catalog: Url,
    pub booking: Url,
    pub payment: Url,
}

impl UpstreamUrls {
    fn read(settings: &Settings) -> Option<Self> {
        let auth = origin(settings, "AUTH_URL", 3001);
        let catalog = origin(settings, "CATALOG_URL", 3002);
        let booking = origin(settings, "BOOKING_URL", 3003);
        let payment = origin(settings, "PAYMENT_URL", 3004);
        Some(Self {
            auth: auth?,
            catalog: catalog?,
            booking: booking?,
            payment: payment?,
        })
    }

    pub fn of(&self, service: Service) -> &Url {
        match service {
            Service::Auth => &self.auth,
            Service::Catalog => &self.catalog,
            Service::Booking => &self.booking,
            Service::Payment => &self.payment,
        }
    }
}

/// `https://host:port`. Plain HTTP inside is not a setting that exists (L15).
fn origin(settings: &Settings, key: &str, port: u16) -> Option<Url> {
    let default = Url::parse(&format!("https://localhost:{port}")).expect("a URL");
    let url = settings.parse_or(key, default)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if url.scheme() == "https" && url.has_host() && bare && anonymous {
        return Some(url);
    }
    settings.fault(key, "must be https://host:port and nothing more");
    None
}

/// With fewer, strangers would share allowances on an ordinary day.
const FEWEST_KEYS: usize = 1_000;

fn read_most_keys(settings: &Settings) -> Option<usize> {
    let most_keys = settings.parse_or("LIMITER_MOST_KEYS", 1_500_000)?;
    if most_keys < FEWEST_KEYS {
        let fault = format_args!("must be at least {FEWEST_KEYS}");
        settings.fault("LIMITER_MOST_KEYS", fault);
        return None;
    }
    Some(most_keys)
}

fn read_routes(settings: &Settings) -> Option<RouteTable> {
    let Source { name, text } = Source::read(settings)?;
    RouteTable::read(&text)
        .map_err(|faults| faults.iter().for_each(|fault| settings.fault(&name, fault)))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(extra: &[(&str, &str)]) -> String {
        let this_file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let files = [
            "TLS_CERT_FILE",
            "TLS_KEY_FILE",
            "TLS_CA_FILE",
            "EDGE_CERT_FILE",
            "EDGE_KEY_FILE",
        ];
        let pairs = files
            .map(|key| (key, this_file))
            .into_iter()
            .chain([
                ("AUDIT_FILE", "audit.jsonl"),
                ("AUDIT_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ])
            .chain(extra.iter().copied());
        match Settings::from_pairs(pairs).load(Config::read) {
            Ok(_) => String::new(),
            Err(faults) => faults.to_string(),
        }
    }

    /// Proves: L1
    #[test]
    fn certificates_and_an_audit_log_are_enough_to_start_with_the_courses_ports_and_the_built_in_routes()
     {
        assert_eq!(faults(&[]), "");
    }

    #[test]
    fn every_fault_is_told_at_once_and_those_of_the_routes_with_their_lines() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("routes.toml");
        let open = "[[route]]\nname = \"x\"\nmethods = [\"GET\"]\npath = \"/api/x\"\nupstream = \"nowhere\"\ndeadline_ms = 5\n";
        std::fs::write(&file, open).expect("the folder can be written");
        let told = faults(&[
            ("CATALOG_URL", "http://localhost:3002"),
            ("AUTH_URL", "https://localhost:3001/path"),
            ("ROUTES_FILE", &file.to_string_lossy()),
            ("EDGE_CERT_FILE", "/nowhere"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, 0.0.0.0/0"),
            ("LIMITER_MOST_KEYS", "0"),
        ]);
        for part in [
            "CATALOG_URL: must be https",
            "AUTH_URL: must be https",
            "line 1: `access` is missing",
            "line 5: `upstream`",
            "line 1: `limits` is missing",
            "TRUSTED_PROXIES: 0.0.0.0/0 would believe every client",
            "LIMITER_MOST_KEYS: must be at least",
            "EDGE_CERT_FILE",
        ] {
            assert!(told.contains(part), "{part}\n{told}");
        }
    }
}
