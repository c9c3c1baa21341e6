//! The whole platform in one test.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use escale_lab::certs::CertsDir;
use serde_json::{Value, json};
use service_kit::audit::AuditKey;
use service_kit::clock::{Clock, Timestamp};
use service_kit::config::Settings;
use service_kit::lifecycle::Lifecycle;
use service_kit::process::{Sockets, install_crypto_provider};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::logs;
use crate::metrics;
use crate::misbehaving::{self, Misbehaving};
use crate::spy::Spy;
use crate::visitor::Visitor;

mod jail;
mod routes;
mod start;
mod wire;

/// In the order in which they are started.
pub const SERVICES: [&str; 6] = ["auth", "catalog", "bank", "payment", "booking", "gateway"];

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
}

pub struct Town {
    pub clock: Clock,
    pub certs: CertsDir,
    pub spies: BTreeMap<&'static str, Spy>,
    pub misbehaving: BTreeMap<&'static str, Misbehaving>,
    plan: Plan,
    addresses: BTreeMap<&'static str, SocketAddr>,
    admins: BTreeMap<&'static str, SocketAddr>,
    running: BTreeMap<&'static str, Running>,
    accounts: Value,
    folder: TempDir,
}

struct Running {
    life: Lifecycle,
    task: JoinHandle<anyhow::Result<()>>,
}

type Started = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

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
            running: BTreeMap::new(),
            accounts,
            folder,
        };
        town.write_routes();
        // Every socket is bound before any service starts: each then knows where the others will be.
        let sockets = SERVICES.map(|service| (service, bind(any_port())));
        town.addresses = sockets
            .iter()
            .map(|(service, sockets)| (*service, sockets.service.local_addr().expect("an address")))
            .collect();
        for (service, sockets) in sockets {
            town.launch(service, sockets).await;
        }
        town
    }

    /// Somebody without a token.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.public_client(), self.addresses["gateway"])
    }

    /// A new user, registered and logged in.
    pub async fn user(&self) -> Visitor {
        self.visitor().register().await
    }

    /// One of the seeded accounts: alice, bob, gina (guide), admin.
    pub async fn account(&self, pseudo: &str) -> Visitor {
        let accounts = self.accounts["accounts"].as_array().expect("a list");
        let account = accounts
            .iter()
            .find(|account| account["pseudo"] == pseudo)
            .expect("seeded");
        let password = account["password"].as_str().expect("a text");
        self.visitor().login(pseudo, password).await
    }

    /// What was seeded: `accounts` and `clients`, with their secrets.
    pub fn seed(&self) -> &Value {
        &self.accounts
    }

    /// Where its databases, keys and audit log are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The seeded application's id and secret.
    pub fn app_credentials(&self) -> (String, String) {
        let client = &self.accounts["clients"][0];
        let text = |key: &str| client[key].as_str().expect("a text").to_owned();
        (text("id"), text("secret"))
    }

    /// The seeded application with an access token for these scopes.
    pub async fn app(&self, scope: &str) -> Visitor {
        let (id, secret) = self.app_credentials();
        let visitor = self.visitor();
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let request = visitor.request(http::Method::POST, "/oauth/token");
        let answer = visitor
            .send(request.basic_auth(id, Some(secret)).form(&form))
            .await;
        visitor.with_token(&answer.assert_status(200).field("/access_token"))
    }

    pub fn address(&self, service: &str) -> SocketAddr {
        self.addresses[service]
    }

    /// The admin address of a service.
    pub fn admin(&self, service: &str) -> SocketAddr {
        self.admins[service]
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

    /// A client that calls services directly with the certificate of `service`, as nobody outside can.
    pub fn peer(&self, service: &str) -> reqwest::Client {
        let (certificate, key) = self.certs.path(service);
        let read = |path: &Path| std::fs::read_to_string(path).expect("a PEM file");
        self.peer_with(Some((&read(&certificate), &read(&key))))
    }

    /// The same with any certificate, or none.
    pub fn peer_with(&self, identity: Option<(&str, &str)>) -> reqwest::Client {
        client(&self.certs.inside_ca(), identity)
    }

    /// A browser's client: the platform's root, no client certificate.
    pub fn public_client(&self) -> reqwest::Client {
        client(&self.certs.root(), None)
    }

    /// Stops one service gracefully.
    pub async fn stop(&mut self, service: &str) {
        let running = self.running.remove(service).expect("a running service");
        running.life.stop();
        running.task.await.expect("no panic").expect("a clean stop");
        running.life.finish().await;
    }

    /// Starts it again, on its old address and with its old data.
    pub async fn start_again(&mut self, service: &'static str) {
        self.launch(service, bind(self.addresses[service])).await;
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

    async fn launch(&mut self, service: &'static str, sockets: Sockets) {
        let admin = sockets.admin.local_addr().expect("an address");
        self.admins.insert(service, admin);
        if let Some(misbehaving) = self.misbehaving.get(service) {
            let (certificate, key) = self.certs.path(service);
            let tls = misbehaving::tls(&certificate, &key);
            tokio::spawn(misbehaving.clone().serve(sockets.service, tls));
            return;
        }
        let settings = Settings::from_pairs(self.environment(service));
        let mut life = Lifecycle::new(self.clock.clone());
        life.metrics = Some(metrics::handle());
        let started = match self.stand_in(service) {
            Some(app) => start::spy(app, &settings, sockets, life.clone()),
            None => start::service(service, &settings, sockets, life.clone()),
        };
        let mut task = tokio::spawn(started);
        tokio::select! {
            () = life.ready() => {}
            ended = &mut task => panic!("{service} ended at its start: {ended:?}"),
        }
        self.running.insert(service, Running { life, task });
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

    fn stand_in(&self, service: &str) -> Option<Router> {
        let mut stand_ins = self.plan.stand_ins.iter();
        let planned = stand_ins.find(|(name, _)| *name == service);
        let spy = self.spies.get(service).map(Spy::app);
        planned.map(|(_, app)| app.clone()).or(spy)
    }

    /// What `cargo lab up` would put into the service's environment.
    fn environment(&self, service: &'static str) -> Vec<(String, String)> {
        let (certificate, key) = self.certs.path(service);
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
            ("AUDIT_FILE", show(&self.audit_file())),
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
            .filter(|(name, _, _)| *name == service);
        let own = own.map(|(_, key, value)| ((*key).to_owned(), value.clone()));
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .chain(own)
            .collect()
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

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn bind(address: SocketAddr) -> Sockets {
    let listen = |address| {
        let listener = std::net::TcpListener::bind(address).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        listener
    };
    Sockets {
        service: listen(address),
        admin: listen(any_port()),
    }
}

pub(crate) fn client(authority: &Path, identity: Option<(&str, &str)>) -> reqwest::Client {
    let pem = std::fs::read(authority).expect("an authority");
    let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
    let builder = reqwest::Client::builder()
        .tls_certs_only(roots)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30));
    let builder = match identity {
        Some((certificate, key)) => {
            let pem = format!("{certificate}\n{key}");
            builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).expect("a PEM identity"))
        }
        None => builder,
    };
    builder.build().expect("a client")
}

/// The seed of accounts, with fresh passwords that are canaries.
fn write_accounts(folder: &Path, more: &[Value]) -> Value {
    let secret = || {
        let secret = format!("Canari-{}", uuid::Uuid::new_v4().simple());
        logs::canary(&secret);
        secret
    };
    let account = |pseudo: &str, role: &str| json!({"pseudo": pseudo, "email": format!("{pseudo}@canary.example"), "password": secret(), "roles": [role]});
    let usual = [
        account("alice", "user"),
        account("bob", "user"),
        account("gina", "guide"),
        account("admin", "admin"),
    ];
    let accounts = [&usual, more].concat();
    let accounts = json!({
        "accounts": accounts,
        "clients": [
            {"id": "app", "name": "Demo", "secret": secret(), "scopes": ["tours:read", "bookings:read"]},
        ],
    });
    logs::canary("@canary.example");
    std::fs::write(folder.join("accounts.json"), accounts.to_string()).expect("a file");
    std::fs::write(folder.join("master-key"), master_key()).expect("a file");
    std::fs::write(folder.join("audit-key"), master_key()).expect("a file");
    accounts
}

/// 32 random bytes in base64, made of two UUIDs.
fn master_key() -> String {
    let bytes = [
        uuid::Uuid::new_v4().into_bytes(),
        uuid::Uuid::new_v4().into_bytes(),
    ]
    .concat();
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}
