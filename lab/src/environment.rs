//! The environment in which each service is started: nothing in it is a secret, secrets are in files that it names.

use std::path::Path;

use crate::certs::EDGE;
use crate::layout::Layout;
use crate::service::Service;

/// Variables that must not come in from outside: with the ones below they would be two answers to one question.
pub const REMOVED: [&str; 3] = ["DATABASE_URL_FILE", "AUTH_MASTER_KEY", "AUDIT_KEY"];

/// A service gets this long for its running requests; the supervisor waits a little longer before it kills.
const STOP_SECONDS: &str = "8";

/// Every variable that this service is given. What else stands in the caller's environment, such as `LOG_LEVEL`, is
/// handed on.
pub fn of(service: Service, layout: &Layout) -> Vec<(&'static str, String)> {
    let certs = layout.certs();
    let (certificate, key) = certs.path(service.name());
    let mut variables = vec![
        ("LISTEN_ADDR", layout.ports.address(service).to_string()),
        ("ADMIN_ADDR", layout.ports.admin(service).to_string()),
        ("TLS_CERT_FILE", text(&certificate)),
        ("TLS_KEY_FILE", text(&key)),
        ("TLS_CA_FILE", text(&certs.inside_ca())),
        ("LOG_FORMAT", "json".to_owned()),
        ("STOP_ON_STDIN_CLOSE", "1".to_owned()),
        ("STOP_SECONDS", STOP_SECONDS.to_owned()),
    ];
    if service.has_store() {
        variables.push(("DATABASE_URL", sqlite_url(&layout.database(service))));
    }
    variables.extend(own(service, layout));
    variables
}

fn own(service: Service, layout: &Layout) -> Vec<(&'static str, String)> {
    let url = |service| layout.ports.url(service);
    match service {
        Service::Auth => vec![
            ("AUTH_MASTER_KEY_FILE", text(&layout.master_key())),
            ("SEED_ACCOUNTS_FILE", text(&layout.accounts())),
            ("ISSUER_URL", url(Service::Gateway)),
        ],
        Service::Booking => vec![
            ("CATALOG_URL", url(Service::Catalog)),
            ("PAYMENT_URL", url(Service::Payment)),
        ],
        Service::Payment => vec![
            ("BOOKING_URL", url(Service::Booking)),
            ("BANK_URL", url(Service::Bank)),
        ],
        Service::Gateway => {
            let (certificate, key) = layout.certs().path(EDGE);
            vec![
                ("EDGE_CERT_FILE", text(&certificate)),
                ("EDGE_KEY_FILE", text(&key)),
                ("AUDIT_FILE", text(&layout.audit_file())),
                ("AUDIT_KEY_FILE", text(&layout.audit_key())),
                ("ISSUER_URL", url(Service::Gateway)),
                ("AUTH_URL", url(Service::Auth)),
                ("CATALOG_URL", url(Service::Catalog)),
                ("BOOKING_URL", url(Service::Booking)),
                ("PAYMENT_URL", url(Service::Payment)),
            ]
        }
        Service::Catalog | Service::Bank => Vec::new(),
    }
}

/// The three signs that mean something in a URL are escaped; SQLite's driver reads them back.
fn sqlite_url(path: &Path) -> String {
    let path = text(path)
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    format!("sqlite:{path}")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ports::Ports;

    fn variable(service: Service, layout: &Layout, key: &str) -> Option<String> {
        let variables = of(service, layout);
        variables
            .into_iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    #[test]
    fn a_changed_gateway_port_changes_the_issuer_everywhere() {
        let ports = Ports::with(&[(Service::Gateway, 8443), (Service::Auth, 4001)]).expect("ports");
        let layout = Layout::at(Path::new("/home/escale")).with_ports(ports);
        let issuers = [Service::Auth, Service::Gateway]
            .map(|service| variable(service, &layout, "ISSUER_URL"));
        assert_eq!(
            issuers,
            [
                Some("https://localhost:8443".to_owned()),
                Some("https://localhost:8443".to_owned())
            ]
        );
        assert_eq!(
            variable(Service::Gateway, &layout, "AUTH_URL"),
            Some("https://localhost:4001".to_owned())
        );
    }

    #[test]
    fn a_database_path_with_signs_of_urls_stays_one_path() {
        assert_eq!(
            sqlite_url(Path::new("/a b/50%?#.db")),
            "sqlite:/a b/50%25%3f%23.db"
        );
    }

    #[test]
    fn only_the_services_with_a_store_are_told_of_one_and_no_secret_stands_in_the_environment() {
        let layout = Layout::at(Path::new("/home/escale"));
        for service in Service::ALL {
            assert_eq!(
                variable(service, &layout, "DATABASE_URL").is_some(),
                service != Service::Gateway
            );
            assert_eq!(variable(service, &layout, "AUTH_MASTER_KEY"), None);
        }
    }

    /// The keys that product code reads: literals such as `"TLS_KEY_FILE"` in the configuration of every package.
    fn keys_in_sources() -> BTreeSet<String> {
        let sources = [
            "service-kit/src/config.rs",
            "service-kit/src/audit/config.rs",
            "service-kit/src/process.rs",
            "gateway/src/config.rs",
            "gateway/src/route_table/source.rs",
            "gateway/src/proxy/config.rs",
            "auth-service/src/config.rs",
            "catalog-service/src/config.rs",
            "booking-service/src/config.rs",
            "payment-service/src/config.rs",
            "payment-service/src/test_bank/config.rs",
        ];
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let is_key = |text: &str| {
            let sign =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            text.contains('_') && !text.starts_with("CARGO_") && text.bytes().all(sign)
        };
        let read = |path| std::fs::read_to_string(workspace.join(path)).expect("a source file");
        let product = |text: String| text.split("#[cfg(test)]").next().map(str::to_owned);
        let texts = sources.into_iter().map(read).filter_map(product);
        texts
            .flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>())
            .filter(|text| is_key(text))
            .collect()
    }

    #[test]
    fn every_setting_of_every_service_is_documented() {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
        let example = std::fs::read_to_string(example).expect("the example");
        let keys = example
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, _)| key);
        let documented: BTreeSet<&str> = keys.collect();
        let layout = Layout::at(Path::new("/home/escale"));
        let given = Service::ALL
            .into_iter()
            .flat_map(|service| of(service, &layout));
        let mut needed: BTreeSet<String> = given.map(|(key, _)| key.to_owned()).collect();
        needed.extend(keys_in_sources());
        assert!(
            needed.len() > 30,
            "the sources are not read as they should be: {needed:?}"
        );
        let missing: Vec<_> = needed
            .iter()
            .filter(|key| !documented.contains(key.as_str()))
            .collect();
        assert!(
            missing.is_empty(),
            ".env.example does not tell of {missing:?}"
        );
    }
}
