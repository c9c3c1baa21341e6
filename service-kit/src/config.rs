//! Configuration comes from environment variables. Each concern has its own struct with a `read` that takes what it
//! needs from [`Settings`]; every fault is collected, and all of them are told at once (exit code 78).

mod settings;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::networks::Networks;

pub use settings::{ConfigFaults, Settings};

/// Where a service listens, and how long it waits for slow peers.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// `LISTEN_ADDR`: the mTLS (at the gateway: the public HTTPS) address.
    pub listen: SocketAddr,
    /// `ADMIN_ADDR`: health, readiness and metrics; plain HTTP, loopback unless told otherwise.
    pub admin: SocketAddr,
    /// `METRICS_ADDR`: metrics, health and readiness once more, for a Prometheus on another machine; plain HTTP too, but
    /// nothing there changes anything, as the gateway's admin address may. Absent: not served.
    pub metrics: Option<SocketAddr>,
    /// `TLS_HANDSHAKE_SECONDS`: a peer that connects and does not finish the handshake is dropped after this.
    pub handshake_timeout: Duration,
    /// `HTTP_HEADER_SECONDS`: time for a whole request head.
    pub header_timeout: Duration,
    /// `HTTP_BODY_SECONDS`: the longest pause between two pieces of a request body; and the longest waiting in all,
    /// but for a second for each kilobyte that has come.
    pub body_timeout: Duration,
    /// `HTTP_WRITE_SECONDS`: the longest pause of a peer that does not read its answer.
    pub write_timeout: Duration,
    /// `HTTP_IDLE_SECONDS`: a connection on which nothing moves either way is closed after this.
    pub idle_timeout: Duration,
    /// `MAX_CONNECTIONS`: open connections at one time; more are closed at once.
    pub max_connections: usize,
    /// `MAX_CONNECTIONS_PER_ADDRESS`: the same for one peer address.
    pub max_connections_per_address: usize,
    /// `PROXY_PROTOCOL_FROM`: TCP load balancers; each of their connections begins with the client's address, and must.
    pub balancers: Networks,
    /// `STOP_SECONDS`: after a stop signal, running requests get this long to finish.
    pub stop_timeout: Duration,
}

impl ServerConfig {
    /// `default_port` is the service's own port of the course (L1): 8080, 3001 ... The admin port is 10,000 above.
    pub fn read(settings: &Settings, default_port: u16) -> Option<Self> {
        let loopback = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let listen = settings.parse_or("LISTEN_ADDR", loopback(default_port));
        let admin = settings.parse_or("ADMIN_ADDR", loopback(default_port + 10_000));
        let metrics = settings.parse_optional("METRICS_ADDR");
        // Whoever is slow is gone after ten seconds, seen from outside: the settings leave some of them for the way.
        let handshake_timeout = settings.seconds_or("TLS_HANDSHAKE_SECONDS", 8);
        let header_timeout = settings.seconds_or("HTTP_HEADER_SECONDS", 8);
        let body_timeout = settings.seconds_or("HTTP_BODY_SECONDS", 8);
        let write_timeout = settings.seconds_or("HTTP_WRITE_SECONDS", 8);
        let idle_timeout = settings.seconds_or("HTTP_IDLE_SECONDS", 60);
        let max_connections = settings.parse_or("MAX_CONNECTIONS", 20_000);
        let max_connections_per_address = settings.parse_or("MAX_CONNECTIONS_PER_ADDRESS", 2_000);
        let balancers = settings.networks("PROXY_PROTOCOL_FROM");
        let stop_timeout = settings.seconds_or("STOP_SECONDS", 10);
        Some(Self {
            listen: listen?,
            admin: admin?,
            metrics: metrics?,
            handshake_timeout: handshake_timeout?,
            header_timeout: header_timeout?,
            body_timeout: body_timeout?,
            write_timeout: write_timeout?,
            idle_timeout: idle_timeout?,
            max_connections: max_connections?,
            max_connections_per_address: max_connections_per_address?,
            balancers: balancers?,
            stop_timeout: stop_timeout?,
        })
    }
}

/// The three files of an identity inside the platform (design: certificates and who is who inside).
#[derive(Debug, Clone)]
pub struct TlsConfig {
    /// `TLS_CERT_FILE`: PEM, the leaf first, then the intermediate.
    pub certificate: PathBuf,
    /// `TLS_KEY_FILE`: PEM, PKCS#8, readable by the owner only.
    pub key: PathBuf,
    /// `TLS_CA_FILE`: PEM, the authorities whose certificates peers must show.
    pub authorities: PathBuf,
    /// `TLS_RELOAD_SECONDS`: how often the files are looked at again.
    pub reload_every: Duration,
    /// TLS 1.2 is taken beside 1.3. Never inside; the gateway has a setting for its public face.
    pub with_tls12: bool,
}

impl TlsConfig {
    pub fn read(settings: &Settings) -> Option<Self> {
        let certificate = settings.file("TLS_CERT_FILE");
        let key = settings.file("TLS_KEY_FILE");
        let authorities = settings.file("TLS_CA_FILE");
        let reload_every = settings.seconds_or("TLS_RELOAD_SECONDS", 1);
        Some(Self {
            certificate: certificate?,
            key: key?,
            authorities: authorities?,
            reload_every: reload_every?,
            with_tls12: false,
        })
    }
}

/// `DATABASE_URL`: `sqlite:data/catalog.db` or `postgres://...`; from a file as `DATABASE_URL_FILE` because it may
/// hold a password.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    pub url: secrecy::SecretString,
    /// `DATABASE_CONNECTIONS`: the pool's size.
    pub connections: u32,
    /// `DATABASE_WAIT_SECONDS`: how long a request waits for a connection; then it is refused (503), so that requests
    /// do not pile up before a database that is away.
    pub wait: Duration,
    /// `DATABASE_START_SECONDS`: how long a start waits for a database that does not answer yet.
    pub start_wait: Duration,
}

impl StoreConfig {
    pub fn read(settings: &Settings) -> Option<Self> {
        let url = settings.secret("DATABASE_URL");
        let connections = settings.parse_or("DATABASE_CONNECTIONS", 4);
        let wait = settings.seconds_or("DATABASE_WAIT_SECONDS", 3);
        let start_wait = settings.seconds_or("DATABASE_START_SECONDS", 30);
        Some(Self {
            url: url?,
            connections: connections?,
            wait: wait?,
            start_wait: start_wait?,
        })
    }

    /// That database, and every other setting as it is by default.
    pub fn at(url: &str) -> Self {
        Settings::from_pairs([("DATABASE_URL", url)])
            .load(Self::read)
            .expect("every other key has a default")
    }
}

/// What is written about what happens.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    /// `LOG_FORMAT`: `json` or `pretty`.
    pub json: bool,
    /// `LOG_LEVEL`: a filter such as `info` or `info,gateway=debug`.
    pub filter: String,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector that traces are sent to, by OTLP over HTTP. Absent: none.
    pub collector: Option<Url>,
}

impl TelemetryConfig {
    pub fn read(settings: &Settings) -> Option<Self> {
        let format = settings.one_of("LOG_FORMAT", &["json", "pretty"], "json");
        let filter = settings.parse_or("LOG_LEVEL", "info".to_owned());
        let collector = read_collector(settings);
        Some(Self {
            json: format? == "json",
            filter: filter?,
            collector: collector?,
        })
    }
}

fn read_collector(settings: &Settings) -> Option<Option<Url>> {
    let key = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let url: Option<Url> = settings.parse_optional(key)?;
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    if url.as_ref().is_none_or(is_plain) {
        return Some(url);
    }
    settings.fault(key, "must be http://host:port or https://host:port");
    None
}

/// The sections that every service has.
#[derive(Debug, Clone)]
pub struct KitConfig {
    pub server: ServerConfig,
    pub tls: TlsConfig,
    pub telemetry: TelemetryConfig,
}

impl KitConfig {
    pub fn read(settings: &Settings, default_port: u16) -> Option<Self> {
        let server = ServerConfig::read(settings, default_port);
        let tls = TlsConfig::read(settings);
        let telemetry = TelemetryConfig::read(settings);
        Some(Self {
            server: server?,
            tls: tls?,
            telemetry: telemetry?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_a_plain_address_without_secrets_or_there_is_none() {
        let read = |url: &str| {
            let settings = Settings::from_pairs([("OTEL_EXPORTER_OTLP_ENDPOINT", url)]);
            settings.load(TelemetryConfig::read)
        };
        let none = read("").expect("a configuration").collector;
        assert_eq!(none, None);
        for good in ["http://jaeger:4318", "https://otel.example/escale"] {
            let collector = read(good).expect("a configuration").collector;
            assert_eq!(collector, Some(good.parse().expect("a URL")));
        }
        for bad in [
            "jaeger:4318",
            "grpc://jaeger:4317",
            "http://user:geheim@jaeger:4318",
            "http://jaeger:4318/?token=geheim",
        ] {
            let faults = read(bad).expect_err("a fault").to_string();
            assert!(faults.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{bad}");
            assert!(!faults.contains("geheim"), "{faults}");
        }
    }
}
