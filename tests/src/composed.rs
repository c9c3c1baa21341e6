//! The platform in containers, as docker-compose.yml says: images built, everything started under a project name and on
//! networks of its own, so that a platform that runs here already is left alone. Tests hurt it and ask it.

pub mod crowd;
pub mod engine;
mod ledger;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::town::generous;
use crate::{Answer, eventually_within};
use engine::Engine;
pub use ledger::Ledger;

/// Building is not part of it.
const START: Duration = Duration::from_secs(120);

/// What keeps state in the platform's own processes, and may be scaled and restarted.
pub const SERVICES: [&str; 5] = ["auth", "catalog", "booking", "payment", "bank"];

/// The route table's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// As they are.
    BuiltIn,
    /// So high that a crowd from one address is none too many. The policy is the same.
    Generous,
}

pub struct Composed {
    engine: Engine,
    folder: TempDir,
    pub port: u16,
}

impl Composed {
    /// Builds the images and starts all of it. With `ESCALE_IMAGES=ready` the images that are here are taken.
    ///
    /// # Panics
    /// When there is no Docker engine: who runs this has asked for one.
    pub async fn build_and_start() -> Self {
        service_kit::process::install_crypto_provider();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (port, network) = (free_port(), some_network());
        let engine = Engine::find(vec![
            ("ESCALE_PORT".to_owned(), port.to_string()),
            ("ESCALE_EDGE".to_owned(), network),
        ]);
        let composed = Self {
            engine,
            folder,
            port,
        };
        composed.write_override();
        if std::env::var_os("ESCALE_IMAGES").is_none_or(|images| images != "ready") {
            composed.engine.compose(&["build", "--quiet"]);
        }
        composed.up(Limits::Generous, 1).await;
        let ca = composed.engine.compose(&["run", "--rm", "-T", "ca"]);
        std::fs::write(composed.authority(), ca).expect("a file");
        composed
    }

    /// So many containers of each service; containers whose configuration has changed are made anew.
    pub async fn up(&self, limits: Limits, replicas: usize) {
        let scales = SERVICES.map(|service| format!("--scale={service}={replicas}"));
        let mut words = Vec::new();
        let files = self.files(limits);
        for file in &files {
            words.extend(["--file", file.as_str()]);
        }
        words.extend(["up", "--detach", "--no-build"]);
        words.extend(scales.iter().map(String::as_str));
        self.engine.compose(&words);
        self.all_healthy().await;
    }

    /// Stops and removes every container; the volumes stay.
    pub fn down(&self) {
        let words = ["--profile=watch", "--profile=one", "down", "--timeout=2"];
        self.engine.compose(&words);
    }

    fn files(&self, limits: Limits) -> Vec<String> {
        let show = |path: PathBuf| path.display().to_string();
        let mut files = vec![show(engine::workspace().join("docker-compose.yml"))];
        if limits == Limits::Generous {
            files.push(show(self.folder.path().join("generous.yml")));
        }
        files
    }

    fn write_override(&self) {
        let routes = self.folder.path().join("routes.toml");
        std::fs::write(&routes, generous(gateway::route_table::BUILT_IN)).expect("a file");
        let gateway = format!(
            "\n    environment: {{ROUTES_FILE: /etc/escale/routes.toml}}\n    volumes: [\"{}:/etc/escale/routes.toml:ro\"]\n",
            routes.display()
        );
        let text = format!("services:\n  gateway-1:{gateway}  gateway-2:{gateway}");
        std::fs::write(self.folder.path().join("generous.yml"), text).expect("a file");
        // The container's user is not the one who runs the tests.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let open = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(self.folder.path(), open).expect("our own folder");
        }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Of the public face.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// For files that containers are given.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// A client whose every request comes by a connection of its own: the balancer gives them to the gateways in turn.
    pub fn client(&self) -> reqwest::Client {
        let pem = std::fs::read(self.authority()).expect("an authority");
        let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
        let client = reqwest::Client::builder()
            .tls_certs_only(roots)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .http1_only()
            .timeout(Duration::from_secs(15));
        client.build().expect("a client")
    }

    pub async fn get(&self, client: &reqwest::Client, path: &str, token: &str) -> Answer {
        let request = client
            .get(format!("{}{path}", self.url()))
            .bearer_auth(token);
        Answer::read(request.send().await.expect("a gateway answers")).await
    }

    /// The one container of a service; the first, where there are several.
    pub fn container(&self, service: &str) -> String {
        let found = self.engine.containers(service);
        let first = found.into_iter().next();
        first.unwrap_or_else(|| panic!("{service} has no container"))
    }

    /// Ends it at once, as a crash or a cut of power would.
    pub fn kill(&self, container: &str) {
        self.engine.docker(&["kill", "--signal=KILL", container]);
    }

    pub async fn start_again(&self, container: &str) {
        self.engine.docker(&["start", container]);
        self.healthy(container).await;
    }

    /// Told to stop, waited for, started: what a new version does to each container in turn.
    pub async fn restart(&self, container: &str) {
        self.engine.docker(&["restart", "-t", "15", container]);
        self.healthy(container).await;
    }

    pub async fn healthy(&self, container: &str) {
        eventually_within(START, &format!("{container} is healthy"), async || {
            self.engine.is_healthy(container) == Some(true)
        })
        .await;
    }

    /// Every container that has a health check.
    async fn all_healthy(&self) {
        for container in self.engine.running() {
            if self.engine.is_healthy(&container).is_some() {
                self.healthy(&container).await;
            }
        }
    }

    /// What a query finds in a service's database, asked inside PostgreSQL's own container.
    pub fn rows(&self, database: &str, query: &str) -> Vec<Vec<String>> {
        let words = [
            "psql",
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--username=postgres",
            "--dbname",
            database,
            "--command",
            query,
        ];
        let text = self.engine.exec(&self.container("postgres"), &words);
        let lines = text.lines().filter(|line| !line.is_empty());
        lines
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect()
    }

    /// The access log's lines of one gateway, as JSON.
    pub fn log(&self, service: &str) -> Vec<Value> {
        let text = self.engine.docker(&["logs", &self.container(service)]);
        let lines = text.lines().map(serde_json::from_str);
        lines.filter_map(Result::ok).collect()
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// The first three numbers of it: two projects cannot have the same network, so one is drawn, beside the default one of
/// docker-compose.yml.
fn some_network() -> String {
    let drawn = uuid::Uuid::new_v4().as_u128() % 150;
    format!("10.213.{}", 100 + drawn)
}
