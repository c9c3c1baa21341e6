//! A real foreign OpenID provider in a process of its own: npm's oidc-provider, over TLS with authorities of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use escale_lab::certs::CertsDir;
use serde_json::Value;
use tempfile::TempDir;

use crate::logs;

/// What the provider is made of, in the sources.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "provider.mjs"];

/// What npm says when it has not come to speak with its registry, or has lost it: names of the system and of Node.js.
const OUT_OF_REACH: [&str; 9] = [
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTCACHED",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
];

/// In npm's words.
#[derive(Debug)]
pub struct OutOfReach(pub String);

pub struct ForeignProvider {
    /// Its `iss`.
    pub issuer: String,
    secret: String,
    process: Child,
    client: reqwest::Client,
    folder: TempDir,
}

impl ForeignProvider {
    /// Installs and starts it.
    ///
    /// # Errors
    /// The registry of packages is out of reach.
    ///
    /// # Panics
    /// When the packages cannot be installed for any other reason: a lock file that does not fit, a hash that differs.
    pub fn start() -> Result<Self, OutOfReach> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for file in FILES {
            let source = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("foreign-issuer")
                .join(file);
            std::fs::copy(source, folder.path().join(file)).expect("a copy");
        }
        install(folder.path())?;
        service_kit::process::install_crypto_provider();
        let certs = CertsDir::create(&folder.path().join("certs")).expect("certificates");
        let (certificate, key) = certs.path("edge");
        let secret = uuid::Uuid::new_v4().to_string();
        logs::canary(&secret);
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .args([certificate, key])
            .current_dir(folder.path())
            .env("CLIENT_SECRET", &secret)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut issuer = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output)
            .read_line(&mut issuer)
            .expect("a line");
        let issuer = issuer.trim().to_owned();
        assert!(
            issuer.starts_with("https://"),
            "the provider listens: {issuer:?}"
        );
        let client = crate::town::client(&certs.root(), None);
        Ok(Self {
            issuer,
            secret,
            process,
            client,
            folder,
        })
    }

    /// The authorities of its certificate.
    pub fn authorities(&self) -> PathBuf {
        CertsDir::at(&self.folder.path().join("certs")).root()
    }

    /// An access token by client credentials for one of its resource servers.
    pub async fn token(&self, resource: &str, scope: &str) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", resource),
            ("scope", scope),
        ];
        let request = self
            .client
            .post(format!("{}/token", self.issuer))
            .form(&form);
        let request = request.basic_auth("partner", Some(&self.secret));
        let answer = request.send().await.expect("the provider answers");
        let answer: Value = answer.json().await.expect("JSON");
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// Ends it, as an outage would.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for ForeignProvider {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What the lock file names, checked against its hashes; no package may run a script of its own.
fn install(folder: &Path) -> Result<(), OutOfReach> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("npm starts, as it did when this was built");
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    match is_out_of_reach(&told) {
        true => Err(OutOfReach(told)),
        false => panic!("npm ci: {told}"),
    }
}

/// By the line `npm error code ENOTFOUND`, `npm ERR! code ENOTFOUND` in older versions.
fn is_out_of_reach(told: &str) -> bool {
    let mut codes = told.lines().filter_map(|line| {
        let (npm, code) = line.split_once(" code ")?;
        npm.starts_with("npm").then_some(code.trim())
    });
    codes.any(|code| OUT_OF_REACH.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registry_that_is_out_of_reach_is_an_excuse() {
        for (told, excused) in [
            ("npm error code ENOTFOUND\nnpm error errno ENOTFOUND", true),
            ("npm ERR! code EAI_AGAIN\n", true),
            ("npm warn x\r\nnpm error code ECONNREFUSED\r\n", true),
            (
                "npm error code EINTEGRITY\nnpm error sha512- ENOTFOUND",
                false,
            ),
            ("npm error code EUSAGE", false),
            ("npm error code E404", false),
            ("npm error code E403", false),
            ("", false),
        ] {
            assert_eq!(is_out_of_reach(told), excused, "{told}");
        }
    }
}
