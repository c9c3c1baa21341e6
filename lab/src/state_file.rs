//! `data/run/state.json`: where the running supervisor can be reached. Its owner alone can read it, as it holds the
//! secret of the control channel.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;

use crate::layout::Layout;
use crate::ports::Ports;
use crate::private_file::write_secret;
use crate::service_status::ServiceStatus;

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateFile {
    /// The supervisor's process.
    pub pid: u32,
    /// Where it takes commands, on loopback.
    pub control_port: u16,
    pub control_secret: String,
    pub started_at: Timestamp,
    pub detached: bool,
    /// The profile in which the services were built.
    pub release: bool,
    pub ports: Ports,
    pub services: Vec<ServiceStatus>,
}

impl StateFile {
    /// `None` when there is none, or none that this version can read.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
    }

    /// The ports of the platform that runs here, else those that it would have.
    pub fn ports_here(layout: &Layout) -> Ports {
        Self::read(&layout.state()).map_or_else(|| layout.ports.clone(), |state| state.ports)
    }

    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_secret(path, &serde_json::to_string_pretty(self)?)
    }

    /// Removes the file, if it is still this supervisor's.
    pub fn remove(path: &Path, control_secret: &str) -> io::Result<()> {
        match Self::read(path) {
            Some(state) if state.control_secret == control_secret => std::fs::remove_file(path),
            _ => Ok(()),
        }
    }
}

impl std::fmt::Debug for StateFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateFile")
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_file::is_open_to_others;
    use crate::service::Service;
    use crate::service_status::{State, tests::status};

    #[test]
    fn the_state_comes_back_and_only_its_own_supervisor_removes_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("run/state.json");
        assert!(StateFile::read(&path).is_none());
        let state = StateFile {
            pid: 42,
            control_port: 5,
            control_secret: "s3cret".to_owned(),
            started_at: Timestamp(0),
            detached: true,
            release: false,
            ports: Ports::with(&[(Service::Gateway, 8443)]).expect("ports"),
            services: vec![status(Service::Auth, State::Ready)],
        };
        state.write(&path).expect("written");
        assert!(!is_open_to_others(&path).expect("there"));
        let read = StateFile::read(&path).expect("readable");
        assert_eq!(
            (&read.ports, &read.services),
            (&state.ports, &state.services)
        );
        assert!(!format!("{read:?}").contains("s3cret"));
        StateFile::remove(&path, "another").expect("nothing done");
        assert!(path.exists());
        StateFile::remove(&path, "s3cret").expect("removed");
        assert!(!path.exists());
    }
}
