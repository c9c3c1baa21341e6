//! Where everything is: the workspace, the folder for certificates and data, the ports.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::certs::CertsDir;
use crate::console::Console;
use crate::outcome::Refusal;
use crate::ports::Ports;
use crate::service::Service;
use crate::texts::platform;

/// `ESCALE_HOME`: where `certs/` and `data/` live, when that is not the workspace.
pub const HOME_KEY: &str = "ESCALE_HOME";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Layout {
    pub home: PathBuf,
    pub ports: Ports,
}

impl Layout {
    /// The folder that `ESCALE_HOME` names (it is made where missing), else the workspace.
    ///
    /// # Errors
    /// A home that cannot be made, a workspace that has been moved since the command was built.
    pub fn from_environment(console: &Console) -> Result<Self, Refusal> {
        let home = match std::env::var_os(HOME_KEY).filter(|value| !value.is_empty()) {
            Some(home) => {
                let home = PathBuf::from(home);
                let made = std::fs::create_dir_all(&home);
                made.and_then(|()| std::path::absolute(&home))
                    .map_err(|error| {
                        let values: [(&str, &dyn std::fmt::Display); 2] =
                            [("path", &home.display()), ("error", &error)];
                        Refusal::Configuration(console.text(&platform::HOME_UNUSABLE, &values))
                    })?
            }
            None => workspace(console)?,
        };
        Ok(Self::at(&home))
    }

    /// A home with the usual ports.
    pub fn at(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            ports: Ports::default(),
        }
    }

    #[must_use]
    pub fn with_ports(self, ports: Ports) -> Self {
        Self { ports, ..self }
    }

    pub fn certs_folder(&self) -> PathBuf {
        self.home.join("certs")
    }

    pub fn certs(&self) -> CertsDir {
        CertsDir::at(&self.certs_folder())
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub fn database(&self, service: Service) -> PathBuf {
        self.data().join(format!("{service}.db"))
    }

    pub fn logs(&self) -> PathBuf {
        self.data().join("logs")
    }

    /// A service's log, or the supervisor's own (`lab`).
    pub fn log(&self, name: &str) -> PathBuf {
        self.logs().join(format!("{name}.log"))
    }

    pub fn accounts(&self) -> PathBuf {
        self.data().join("accounts.json")
    }

    /// What `cargo lab postman` writes; it holds passwords.
    pub fn postman_environment(&self) -> PathBuf {
        self.data().join("postman/escale.postman_environment.json")
    }

    /// Which certificate goes where, in the form of newman's `--ssl-client-cert-list`.
    pub fn client_certificates(&self) -> PathBuf {
        self.data().join("postman/client-certificates.json")
    }

    pub fn secrets(&self) -> PathBuf {
        self.data().join("secrets")
    }

    pub fn master_key(&self) -> PathBuf {
        self.secrets().join("auth-master-key")
    }

    /// The audit log with its anchor and closed months.
    pub fn audit(&self) -> PathBuf {
        self.data().join("audit")
    }

    pub fn audit_file(&self) -> PathBuf {
        self.audit().join("gateway.jsonl")
    }

    pub fn audit_key(&self) -> PathBuf {
        self.secrets().join("audit-key")
    }

    /// What belongs to the running platform.
    pub fn run(&self) -> PathBuf {
        self.data().join("run")
    }

    pub fn state(&self) -> PathBuf {
        self.run().join("state.json")
    }
}

/// The workspace from which this command was built.
pub fn workspace(console: &Console) -> Result<PathBuf, Refusal> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.parent().unwrap_or(package);
    if root.join("Cargo.toml").is_file() {
        return Ok(root.to_owned());
    }
    let values: [(&str, &dyn std::fmt::Display); 1] = [("path", &root.display())];
    Err(Refusal::Configuration(
        console.text(&platform::HOME_MISSING, &values),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_written_lies_in_certs_or_data_of_the_home() {
        let layout = Layout::at(Path::new("/home/of/escale"));
        let (certs, data) = (layout.certs_folder(), layout.data());
        assert!(layout.certs().root().starts_with(certs));
        let written = [
            layout.state(),
            layout.log("lab"),
            layout.accounts(),
            layout.postman_environment(),
            layout.client_certificates(),
            layout.master_key(),
            layout.audit_file(),
            layout.audit_key(),
        ];
        assert!(
            written.iter().all(|path| path.starts_with(&data)),
            "{written:?}"
        );
        assert!(layout.database(Service::Auth).starts_with(&data));
    }
}
