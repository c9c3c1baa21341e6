//! Where Redis is: `REDIS_URL`, `REDIS_CA_FILE`, `REDIS_TIMEOUT_MS`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use service_kit::config::{Settings, TlsConfig};
use url::{Host, Url};

const PORT: u16 = 6379;
const TIMEOUTS_MS: std::ops::RangeInclusive<u64> = 1..=1_000;

#[derive(Debug, Clone)]
pub struct SharedStoreConfig {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: i64,
    pub(super) user: Option<String>,
    pub(super) password: Option<SecretString>,
    /// `rediss://`
    pub(super) tls: Option<RedisTls>,
    /// `REDIS_TIMEOUT_MS`: a question that has no answer by then is answered without Redis.
    pub(super) deadline: Duration,
}

/// Read anew for each connection, so that renewed files need no restart.
#[derive(Debug, Clone)]
pub(super) struct RedisTls {
    /// `REDIS_CA_FILE`: PEM, the authorities that may sign Redis' certificate, and no others: not the system's.
    pub(super) authorities: PathBuf,
    /// The gateway's own, for a Redis that asks for one (`tls-auth-clients`, on unless told otherwise).
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

impl SharedStoreConfig {
    /// `Some(None)` without `REDIS_URL`: each gateway then counts for itself.
    pub fn read(settings: &Settings, tls: Option<&TlsConfig>) -> Option<Option<Self>> {
        let url = settings.secret_optional("REDIS_URL");
        let deadline = read_deadline(settings);
        let Some(url) = url? else {
            return deadline.map(|_| None);
        };
        let url = match parse(url.expose_secret()) {
            Ok(url) => url,
            Err(fault) => {
                settings.fault("REDIS_URL", fault);
                return None;
            }
        };
        let tls = match url.scheme() {
            "rediss" => Some(read_tls(settings, tls)?),
            _ => None,
        };
        Some(Some(Self {
            host: host(&url),
            port: url.port().unwrap_or(PORT),
            database: database(&url).unwrap_or(0),
            user: (!url.username().is_empty()).then(|| url.username().to_owned()),
            password: url.password().map(SecretString::from),
            tls,
            deadline: deadline?,
        }))
    }

    /// A password that others on the way can read.
    pub(super) fn is_readable_on_the_way(&self) -> bool {
        self.tls.is_none() && !is_loopback(&self.host)
    }
}

fn read_deadline(settings: &Settings) -> Option<Duration> {
    let milliseconds = settings.parse_or("REDIS_TIMEOUT_MS", 50)?;
    if TIMEOUTS_MS.contains(&milliseconds) {
        return Some(Duration::from_millis(milliseconds));
    }
    let (least, most) = (TIMEOUTS_MS.start(), TIMEOUTS_MS.end());
    let fault = format_args!("must be between {least} and {most}");
    settings.fault("REDIS_TIMEOUT_MS", fault);
    None
}

fn read_tls(settings: &Settings, own: Option<&TlsConfig>) -> Option<RedisTls> {
    let authorities = settings.file("REDIS_CA_FILE");
    let own = own?;
    Some(RedisTls {
        authorities: authorities?,
        certificate: own.certificate.clone(),
        key: own.key.clone(),
    })
}

/// The faults hold nothing of the URL, which may have a password.
///
/// Whoever can write to Redis lifts bans, takes limits away, and shuts people out. So a Redis that asks for no password is
/// taken on this machine only.
fn parse(text: &str) -> Result<Url, &'static str> {
    let form = "must be redis://[user]:password@host[:port][/database], or rediss:// for TLS";
    let url = Url::parse(text).map_err(|_| form)?;
    let known = matches!(url.scheme(), "redis" | "rediss");
    let bare = url.query().is_none() && url.fragment().is_none();
    if !known || !bare || !url.has_host() || database(&url).is_none() {
        return Err(form);
    }
    // What is escaped in a URL would have to be unescaped in the one and only right way: none of it is taken.
    let plain = |text: &str| !text.contains('%');
    if !plain(url.username()) || !url.password().is_none_or(plain) {
        return Err(
            "has a user or a password of characters that a URL must escape: choose letters and digits",
        );
    }
    let locked = url.password().is_some_and(|password| !password.is_empty());
    match locked || is_loopback(&host(&url)) {
        true => Ok(url),
        false => Err(
            "has no password, and is not on this machine: anybody there could lift bans and limits",
        ),
    }
}

/// Without the brackets of an IPv6 address.
fn host(url: &Url) -> String {
    // Of a scheme that `url` does not know, an IPv4 address is a domain to it; `parse` has seen that there is a host.
    match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(host) => host.to_string(),
        None => String::new(),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn database(url: &Url) -> Option<i64> {
    match url.path().trim_start_matches('/') {
        "" => Some(0),
        number => number.parse::<u16>().ok().map(i64::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<SharedStoreConfig>, String> {
        let own = TlsConfig {
            certificate: "cert.pem".into(),
            key: "key.pem".into(),
            authorities: "ca.pem".into(),
            reload_every: Duration::from_secs(1),
            with_tls12: false,
        };
        let settings = Settings::from_pairs(pairs.iter().copied());
        let read = settings.load(|settings| SharedStoreConfig::read(settings, Some(&own)));
        read.map_err(|faults| faults.to_string())
    }

    #[test]
    fn without_an_address_there_is_no_store() {
        assert!(read(&[]).expect("no fault").is_none());
    }

    #[test]
    fn an_address_is_read_whole() {
        let url = "redis://:geheim@redis.inside:7000/3";
        let config = read(&[("REDIS_URL", url), ("REDIS_TIMEOUT_MS", "20")]);
        let config = config.expect("no fault").expect("a store");
        assert_eq!(
            (&*config.host, config.port, config.database, config.deadline),
            ("redis.inside", 7000, 3, Duration::from_millis(20))
        );
        let password = config.password.as_ref().expect("a password");
        assert_eq!(
            (password.expose_secret(), config.user.as_deref()),
            ("geheim", None)
        );
        assert!(config.is_readable_on_the_way());
        let own_machine = read(&[("REDIS_URL", "redis://gate:geheim@[::1]")]);
        let config = own_machine.expect("no fault").expect("a store");
        assert_eq!(
            (&*config.host, config.port, config.user.as_deref()),
            ("::1", 6379, Some("gate"))
        );
        assert!(!config.is_readable_on_the_way());
        assert!(!format!("{config:?}").contains("geheim"));
    }

    #[test]
    fn a_redis_that_anybody_can_write_to_is_taken_on_this_machine_alone() {
        for url in [
            "redis://127.0.0.1:7000",
            "redis://localhost",
            "redis://[::1]/1",
        ] {
            assert!(read(&[("REDIS_URL", url)]).is_ok(), "{url}");
        }
        for url in [
            "redis://redis",
            "redis://10.0.0.7",
            "redis://:@redis",
            "rediss://redis",
            "redis://gate@redis",
        ] {
            let told = read(&[("REDIS_URL", url)]).expect_err(url);
            assert!(told.contains("no password"), "{url}: {told}");
        }
    }

    #[test]
    fn faults_are_told_without_the_password() {
        for (key, value, fault) in [
            ("REDIS_URL", "geheim", "must be redis://"),
            ("REDIS_URL", "http://:geheim@redis", "must be redis://"),
            ("REDIS_URL", "redis://:geheim@redis/x", "must be redis://"),
            ("REDIS_URL", "redis://:geheim@redis?x=1", "must be redis://"),
            ("REDIS_URL", "redis://:geh%65im@redis", "letters and digits"),
            (
                "REDIS_URL",
                "rediss://:geheim@redis",
                "REDIS_CA_FILE: is not set",
            ),
            ("REDIS_TIMEOUT_MS", "0", "must be between 1 and 1000"),
        ] {
            let told = read(&[(key, value)]).expect_err(value);
            assert!(
                told.contains(fault) && !told.contains("geheim"),
                "{value}: {told}"
            );
        }
    }
}
