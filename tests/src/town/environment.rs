//! The settings of a service of the town.

use std::path::Path;

use super::{SECOND_GATEWAY, Town};

impl Town {
    /// What `cargo lab up` would put into the service's environment.
    pub(super) fn environment(&self, service: &'static str) -> Vec<(String, String)> {
        let kind = match service {
            SECOND_GATEWAY => "gateway",
            service => service,
        };
        let (certificate, key) = self.certs.path(kind);
        let (edge_certificate, edge_key) = self.certs.path("edge");
        let url = |name: &str| format!("https://localhost:{}", self.addresses[name].port());
        let show = |path: &Path| path.display().to_string();
        let in_folder = |name: &str| show(&self.folder.path().join(name));
        let pairs = [
            ("LISTEN_ADDR", self.addresses[service].to_string()),
            ("ADMIN_ADDR", "127.0.0.1:0".to_owned()),
            ("TLS_CERT_FILE", show(&certificate)),
            ("TLS_KEY_FILE", show(&key)),
            ("TLS_CA_FILE", show(&self.certs.inside_ca())),
            ("EDGE_CERT_FILE", show(&edge_certificate)),
            ("EDGE_KEY_FILE", show(&edge_key)),
            (
                "DATABASE_URL",
                format!("sqlite:{}", show(&self.database(service))),
            ),
            ("AUTH_MASTER_KEY_FILE", in_folder("master-key")),
            ("AUDIT_FILE", in_folder(&format!("audit/{service}.jsonl"))),
            ("AUDIT_KEY_FILE", in_folder("audit-key")),
            ("SEED_ACCOUNTS_FILE", in_folder("accounts.json")),
            ("ROUTES_FILE", in_folder("routes.toml")),
            ("ISSUER_URL", url("gateway")),
            ("AUTH_URL", url("auth")),
            ("CATALOG_URL", url("catalog")),
            ("BOOKING_URL", url("booking")),
            ("PAYMENT_URL", url("payment")),
            ("BANK_URL", url("bank")),
            ("BANK_SLOW_MILLISECONDS", "200".to_owned()),
        ];
        let own = self
            .plan
            .settings
            .iter()
            .filter(|(name, _, _)| *name == kind);
        let own = own.map(|(_, key, value)| ((*key).to_owned(), value.clone()));
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .chain(own)
            .collect()
    }
}
