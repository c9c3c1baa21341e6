//! The whole platform in a process of its own: the `stage` program, built with the learner's code.
//!
//! It is told what to do in lines of JSON and answers in lines of JSON; it says of itself when something panics.

mod channel;
mod ready;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::visitor::{PATIENCE, Visitor};
use crate::{Case, Failure, Plan};
use channel::Channel;
use ready::Ready;

const PROGRAM: &str = "stage";

/// One request as a spy saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    /// The first header of this name; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

pub struct Town {
    channel: Channel,
    ready: Ready,
}

impl Town {
    pub(crate) async fn start(case: &Case, plan: Plan) -> Result<Self, Failure> {
        service_kit::process::install_crypto_provider();
        let program = case.programs.of(PROGRAM);
        let mut channel = Channel::open(&program, case.clone()).await?;
        let ready = channel.begin(&plan).await?;
        Ok(Self { channel, ready })
    }

    /// Somebody without a token.
    pub fn visitor(&self) -> Result<Visitor, Failure> {
        Ok(self.visitor_with(self.client(None)?))
    }

    /// The same from another address of this machine. Only Linux has all of 127.0.0.0/8 for that: ask
    /// [`Town::has_addresses`] first.
    pub fn visitor_from(&self, address: IpAddr) -> Result<Visitor, Failure> {
        Ok(self.visitor_with(self.client(Some(address))?))
    }

    pub fn has_addresses() -> bool {
        cfg!(any(target_os = "linux", windows))
    }

    /// One of the seeded accounts, logged in: alice, bob, gina (guide), admin, and those of the plan.
    pub async fn account(&self, pseudo: &str) -> Result<Visitor, Failure> {
        let password = self.password(pseudo)?;
        self.visitor()?.login(pseudo, &password).await
    }

    pub fn password(&self, pseudo: &str) -> Result<String, Failure> {
        let found = self.ready.passwords.get(pseudo).cloned();
        found.ok_or_else(|| Failure::Broken(format!("no account {pseudo}")))
    }

    /// The seeded application's id and secret.
    pub fn app_credentials(&self) -> (&str, &str) {
        (&self.ready.app.0, &self.ready.app.1)
    }

    /// Where a service listens: `gateway`, `auth`, `catalog`, `booking`, `payment`, `bank`.
    pub fn address(&self, service: &str) -> Result<SocketAddr, Failure> {
        let found = self.ready.addresses.get(service).copied();
        found.ok_or_else(|| Failure::Broken(format!("no service {service}")))
    }

    /// The folder of its databases, logs and audit file.
    pub fn folder(&self) -> &Path {
        &self.ready.folder
    }

    pub fn audit_file(&self) -> &Path {
        &self.ready.audit_file
    }

    /// The root certificate that callers from outside trust.
    pub fn root(&self) -> &Path {
        &self.ready.root
    }

    /// The authority of the services' own certificates.
    pub fn inside_authority(&self) -> &Path {
        &self.ready.inside_authority
    }

    /// Certificate and key of a service, or of `edge`.
    pub fn identity(&self, service: &str) -> Result<(PathBuf, PathBuf), Failure> {
        let found = self.ready.identities.get(service).cloned();
        found.ok_or_else(|| Failure::Broken(format!("no certificate of {service}")))
    }

    /// A client inside the network, with the certificate of a service or with none.
    pub fn peer(&self, service: Option<&str>) -> Result<Client, Failure> {
        let pem = match service.map(|service| self.identity(service)) {
            Some(identity) => {
                let (certificate, key) = identity?;
                Some(format!("{}\n{}", read(&certificate)?, read(&key)?))
            }
            None => None,
        };
        build(self.trusting(&self.ready.inside_authority)?, pem)
    }

    /// A client inside the network with any certificate and key, in one PEM text.
    pub fn peer_with(&self, pem: String) -> Result<Client, Failure> {
        build(self.trusting(&self.ready.inside_authority)?, Some(pem))
    }

    /// Moves the town's clock, which stands still otherwise.
    pub async fn pass(&self, span: Duration) -> Result<(), Failure> {
        let milliseconds = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        self.channel.ask(json!({"pass": milliseconds})).await?;
        Ok(())
    }

    /// The town's time, in milliseconds since 1970.
    pub async fn now(&self) -> Result<i64, Failure> {
        let answer = self.channel.ask(json!({"pass": 0})).await?;
        Ok(answer["now"].as_i64().unwrap_or_default())
    }

    /// A calendar day from today on, as bookings want it.
    pub async fn day(&self, ahead: u64) -> Result<String, Failure> {
        let answer = self.channel.ask(json!({"day": ahead})).await?;
        Ok(answer["day"].as_str().unwrap_or_default().to_owned())
    }

    /// What reached the spy in a service's place so far, the oldest first.
    pub async fn seen(&self, service: &str) -> Result<Vec<Seen>, Failure> {
        let answer = self.channel.ask(json!({"seen": service})).await?;
        serde_json::from_value(answer["seen"].clone())
            .map_err(|error| Failure::Broken(error.to_string()))
    }

    /// From now on the spy answers this path with this body.
    pub async fn answers(&self, service: &str, path: &str, body: Value) -> Result<(), Failure> {
        let asked = json!({"answer": {"service": service, "path": path, "body": body}});
        self.channel.ask(asked).await?;
        Ok(())
    }

    /// Everything that was logged so far, one JSON text a line.
    pub async fn log(&self) -> Result<Vec<String>, Failure> {
        let answer = self.channel.ask(json!("log")).await?;
        let lines = answer["log"].as_array().cloned().unwrap_or_default();
        let text = |line: &Value| line.as_str().unwrap_or_default().to_owned();
        Ok(lines.iter().map(text).collect())
    }

    /// The lines of the audit file, as they stand in it.
    pub fn audit(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.audit_file()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Stops one service gracefully.
    pub async fn stop(&self, service: &str) -> Result<(), Failure> {
        self.channel.ask(json!({"stop": service})).await?;
        Ok(())
    }

    /// Starts it again, on its old address and with its old data.
    pub async fn start_again(&self, service: &str) -> Result<(), Failure> {
        self.channel.ask(json!({"start": service})).await?;
        Ok(())
    }

    fn visitor_with(&self, client: Client) -> Visitor {
        let port = self
            .ready
            .addresses
            .get("gateway")
            .map_or(0, SocketAddr::port);
        Visitor::new(client, format!("https://localhost:{port}"))
    }

    fn client(&self, from: Option<IpAddr>) -> Result<Client, Failure> {
        let builder = self.trusting(&self.ready.root)?;
        build(builder.local_address(from), None)
    }

    fn trusting(&self, authority: &Path) -> Result<reqwest::ClientBuilder, Failure> {
        let pem = read(authority)?;
        let roots = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
        let roots = roots.map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Client::builder()
            .tls_certs_only(roots)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE))
    }
}

fn build(builder: reqwest::ClientBuilder, identity: Option<String>) -> Result<Client, Failure> {
    let broken = |error: reqwest::Error| Failure::Broken(error.to_string());
    let builder = match identity {
        Some(pem) => builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).map_err(broken)?),
        None => builder,
    };
    builder.build().map_err(broken)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Broken(format!("{}: {error}", path.display())))
}
