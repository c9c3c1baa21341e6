//! The whole platform in one test.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use escale_lab::certs::CertsDir;
use serde_json::Value;
use service_kit::audit::AuditKey;
use service_kit::clock::{Clock, Timestamp};
use service_kit::process::install_crypto_provider;
use tempfile::TempDir;

use crate::logs;
use crate::misbehaving::Misbehaving;
use crate::spy::Spy;
pub(crate) use client::client;
pub(crate) use routes::generous;
use running::{Running, any_port, bind};
use secrets::write_accounts;

mod client;
mod environment;
mod jail;
mod people;
mod routes;
mod running;
mod secrets;
mod start;
mod wire;

/// In the order in which they are started.
pub const SERVICES: [&str; 6] = ["auth", "catalog", "bank", "payment", "booking", "gateway"];

/// A second gateway, where the plan wants one: the same certificates and settings, an audit log of its own.
pub const SECOND_GATEWAY: &str = "gateway-2";

/// How a town differs from the usual one.
#[derive(Debug, Default)]
pub struct Plan {
    /// Services whose place a [`Spy`] takes.
    pub spies: Vec<&'static str>,
    /// Services whose place a [`Misbehaving`] one takes.
    pub misbehaving: Vec<&'static str>,
    /// Services whose place something else takes, with the service's certificate.
    pub stand_ins: Vec<(&'static str, Router)>,
    /// Settings of one service: (service, key, value).
    pub settings: Vec<(&'static str, &'static str, String)>,
    /// The jail's built-in numbers, instead of ones that no scenario reaches by chance.
    pub built_in_jail: bool,
    /// The limits of the built-in route table, instead of some that no scenario reaches by itself.
    pub with_built_in_limits: bool,
    /// More seeded accounts, as they stand in `accounts.json`.
    pub accounts: Vec<Value>,
    /// Starts [`SECOND_GATEWAY`] too. What is set for `gateway` is set for both.
    pub second_gateway: bool,
}

pub struct Town {
    pub clock: Clock,
    pub certs: CertsDir,
    pub spies: BTreeMap<&'static str, Spy>,
    pub misbehaving: BTreeMap<&'static str, Misbehaving>,
    plan: Plan,
    addresses: BTreeMap<&'static str, SocketAddr>,
    admins: BTreeMap<&'static str, SocketAddr>,
    metrics: BTreeMap<&'static str, SocketAddr>,
    running: BTreeMap<&'static str, Running>,
    accounts: Value,
    folder: TempDir,
}

impl Town {
    pub async fn start() -> Self {
        Self::planned(Plan::default()).await
    }

    pub async fn planned(plan: Plan) -> Self {
        logs::watch();
        install_crypto_provider();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let certs = CertsDir::create(&folder.path().join("certs")).expect("certificates");
        let accounts = write_accounts(folder.path(), &plan.accounts);
        let mut town = Self {
            clock: Clock::manual(Clock::system().now()),
            certs,
            spies: plan
                .spies
                .iter()
                .map(|service| (*service, Spy::default()))
                .collect(),
            misbehaving: plan
                .misbehaving
                .iter()
                .map(|service| (*service, Misbehaving::default()))
                .collect(),
            plan,
            addresses: BTreeMap::new(),
            admins: BTreeMap::new(),
            metrics: BTreeMap::new(),
            running: BTreeMap::new(),
            accounts,
            folder,
        };
        town.write_routes();
        // Every socket is bound before any service starts: each then knows where the others will be.
        let second = town.plan.second_gateway.then_some(SECOND_GATEWAY);
        let services = SERVICES.into_iter().chain(second);
        let sockets: Vec<_> = services
            .map(|service| (service, bind(any_port())))
            .collect();
        town.addresses = sockets
            .iter()
            .map(|(service, sockets)| (*service, sockets.service.local_addr().expect("an address")))
            .collect();
        for (service, sockets) in sockets {
            town.launch(service, sockets).await;
        }
        town
    }

    /// Where its databases, keys and audit log are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn address(&self, service: &str) -> SocketAddr {
        self.addresses[service]
    }

    /// The admin address of a service.
    pub fn admin(&self, service: &str) -> SocketAddr {
        self.admins[service]
    }

    /// `METRICS_ADDR`.
    pub fn metrics(&self, service: &str) -> SocketAddr {
        self.metrics[service]
    }

    /// What a service's admin address answers, in plain HTTP.
    pub async fn admin_page(&self, service: &str, path: &str) -> String {
        let url = format!("http://{}{path}", self.admins[service]);
        let answer = self
            .public_client()
            .get(url)
            .send()
            .await
            .expect("an answer");
        answer.text().await.expect("a text")
    }

    /// The database file of a service.
    pub fn database(&self, service: &str) -> PathBuf {
        self.folder.path().join(format!("{service}.db"))
    }

    pub fn audit_file(&self) -> PathBuf {
        self.folder.path().join("audit/gateway.jsonl")
    }

    pub fn audit_key(&self) -> AuditKey {
        let text = std::fs::read_to_string(self.folder.path().join("audit-key"));
        AuditKey::from_base64(&text.expect("a key")).expect("a key")
    }

    /// The audit log as it is now; each line goes through the suite's watcher.
    pub fn audit(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.audit_file()).unwrap_or_default();
        let whole = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        let read = |line: &str| {
            logs::watcher().look_at(line);
            serde_json::from_str(line).expect("JSON")
        };
        whole.map(read).collect()
    }

    /// Moves the town's clock.
    pub fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A calendar day from today on, as bookings want it.
    pub fn day(&self, days_ahead: u64) -> String {
        let moment = self.now().plus(Duration::from_secs(days_ahead * 86_400));
        service_kit::iso_date::IsoDate(moment.date()).to_string()
    }

    /// The built-in table with limits and a jail that nobody reaches.
    pub fn generous_routes() -> String {
        routes::generous(&jail::generous(gateway::route_table::BUILT_IN))
    }

    /// The gateway's built-in table with the numbers of the plan.
    fn write_routes(&self) {
        let mut text = gateway::route_table::BUILT_IN.to_owned();
        if !self.plan.built_in_jail {
            text = jail::generous(&text);
        }
        if !self.plan.with_built_in_limits {
            text = routes::generous(&text);
        }
        std::fs::write(self.folder.path().join("routes.toml"), text).expect("a file");
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.running
            .values()
            .for_each(|running| running.life.stop());
        if !std::thread::panicking() {
            self.audit();
            logs::assert_clean();
        }
    }
}
