//! The platform that a page's commands meet: started as the page says, in a copy of the workspace.
//!
//! The pages name the usual ports. Where these are taken, others are put in their place, and theirs back into what is
//! shown.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use escale_exercises::Lang;
use tokio::process::Command;

use super::block::Language;
use super::shell::Shell;
use crate::ports::Ports;
use crate::service::Service;
use crate::workshop::Workshop;

/// A platform that is built for the first time.
const START: Duration = Duration::from_secs(600);

pub struct Platform {
    tree: PathBuf,
    environment: Vec<(String, String)>,
    ports: Ports,
}

impl Platform {
    pub fn of(shop: &Workshop, lang: Lang, ports: &Ports) -> Self {
        let locale = match lang {
            Lang::Fr => "fr_FR.UTF-8",
            Lang::En => "en_GB.UTF-8",
        };
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        Self {
            tree: shop.tree.folder().to_owned(),
            environment: vec![
                pair("CARGO_TARGET_DIR", &shop.target().display().to_string()),
                // A copy of the workspace is a home of its own.
                pair("ESCALE_HOME", ""),
                pair("LC_ALL", ""),
                pair("LANG", locale),
                pair("NO_COLOR", "1"),
            ],
            ports: ports.clone(),
        }
    }

    pub async fn up(&self) -> anyhow::Result<()> {
        let mut arguments = vec!["up".to_owned(), "--detach".to_owned(), "--fresh".to_owned()];
        for service in Service::ALL {
            arguments.push("--port".to_owned());
            arguments.push(format!("{service}={}", self.ports.port(service)));
        }
        self.succeeds(&arguments).await
    }

    /// Time goes by without anybody waiting for it: a gateway that begins anew has counted nobody's requests.
    pub async fn pause(&self) -> anyhow::Result<()> {
        let gateway = Service::Gateway.to_string();
        self.succeeds(&["down".to_owned(), gateway.clone()]).await?;
        let only = ["up", "--detach", "--no-build", "--only"].map(str::to_owned);
        self.succeeds(&[&only[..], &[gateway]].concat()).await
    }

    /// What is not running is down.
    pub async fn down(&self) {
        let _ = self.lab(&["down".to_owned()]).output().await;
    }

    pub async fn shell(&self, language: Language) -> std::io::Result<Shell> {
        Shell::open(language, &self.tree, &self.environment).await
    }

    /// What a page says, for this platform.
    pub fn as_here(&self, commands: &str) -> String {
        moved(commands, &Ports::default(), &self.ports)
    }

    /// What this platform says, as a page shows it.
    pub fn as_shown(&self, output: &str) -> String {
        moved(output, &self.ports, &Ports::default())
    }

    async fn succeeds(&self, arguments: &[String]) -> anyhow::Result<()> {
        let output = self.lab(arguments).output();
        let output = tokio::time::timeout(START, output).await??;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            let (verb, said) = (arguments.join(" "), String::from_utf8_lossy(&said));
            anyhow::bail!("cargo lab {verb}: {}", said.trim());
        }
        Ok(())
    }

    fn lab(&self, arguments: &[String]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .arg("lab")
            .args(arguments)
            .current_dir(Path::new(&self.tree))
            .envs(self.environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// The usual ports where they are free.
///
/// # Errors
/// The system has none left.
pub fn ports() -> std::io::Result<Ports> {
    let usual = Ports::default();
    match usual.check_free(&Service::ALL) {
        Ok(()) => Ok(usual),
        Err(_) => Ports::any_free(),
    }
}

/// The text with other ports: `:8080` and, for the admin address, `:18080`.
fn moved(text: &str, from: &Ports, to: &Ports) -> String {
    let pairs = Service::ALL.into_iter().flat_map(|service| {
        [
            (from.port(service), to.port(service)),
            (from.admin(service).port(), to.admin(service).port()),
        ]
    });
    let pairs: Vec<(String, String)> = pairs
        .map(|(from, to)| (format!(":{from}"), format!(":{to}")))
        .collect();
    let (mut rest, mut whole) = (text, String::new());
    // One pass: a port that was put in is never taken for one to be replaced.
    while let Some(at) = rest.find(':') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_port = |(from, _): &&(String, String)| {
            let after = rest.strip_prefix(from.as_str());
            after.is_some_and(|after| !after.starts_with(|sign: char| sign.is_ascii_digit()))
        };
        let (taken, put) = match pairs.iter().find(is_port) {
            Some((from, to)) => (from.len(), to.as_str()),
            None => (1, ":"),
        };
        whole.push_str(put);
        rest = &rest[taken..];
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_moved_there_and_back_and_other_numbers_stay() {
        let other = Ports::with(&[(Service::Gateway, 3002), (Service::Catalog, 8080)]);
        let other = other.expect("no clash");
        let text = "curl https://localhost:8080/api, :18080/metrics, :3002, :80801 a:b";
        let there = moved(text, &Ports::default(), &other);
        assert_eq!(
            there,
            "curl https://localhost:3002/api, :13002/metrics, :8080, :80801 a:b"
        );
        assert_eq!(moved(&there, &other, &Ports::default()), text);
    }
}
