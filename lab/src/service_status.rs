//! What is known about a started service, in the supervisor, in its state file and on its control channel.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;

use crate::console::Console;
use crate::service::Service;
use crate::texts::{Text, platform, start};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceStatus {
    #[serde(rename = "name")]
    pub service: Service,
    pub address: SocketAddr,
    pub admin: SocketAddr,
    pub pid: Option<u32>,
    pub state: State,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
    /// How long its log was when it was started: what it wrote since begins there.
    pub log_offset: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Starting,
    Ready,
    Stopping,
    /// It ended because it was told to.
    Stopped,
    /// It ended by itself.
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    Code(i32),
    Signal,
    CannotStart(String),
}

/// How a start is getting on.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    AllReady,
    Waiting(Vec<Service>),
    Failed(&'a ServiceStatus),
}

/// Judges the start of `wanted`; others may be in any state.
pub fn progress<'a>(wanted: &[Service], statuses: &'a [ServiceStatus]) -> Progress<'a> {
    let ours = || {
        statuses
            .iter()
            .filter(|status| wanted.contains(&status.service))
    };
    let ended = |status: &&ServiceStatus| matches!(status.state, State::Dead | State::Stopped);
    if let Some(failed) = ours().find(ended) {
        return Progress::Failed(failed);
    }
    let ready = |service: &Service| {
        ours().any(|status| status.service == *service && status.state == State::Ready)
    };
    let waiting: Vec<_> = wanted
        .iter()
        .copied()
        .filter(|service| !ready(service))
        .collect();
    if waiting.is_empty() {
        Progress::AllReady
    } else {
        Progress::Waiting(waiting)
    }
}

impl State {
    pub fn text(self) -> Text {
        match self {
            Self::Starting => platform::STATE_STARTING,
            Self::Ready => platform::STATE_READY,
            Self::Stopping => platform::STATE_STOPPING,
            Self::Stopped => platform::STATE_STOPPED,
            Self::Dead => platform::STATE_DEAD,
        }
    }

    /// Whether there is a process.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Starting | Self::Ready | Self::Stopping)
    }
}

impl Ending {
    pub fn describe(&self, console: &Console) -> String {
        match self {
            Self::Code(code) => console.text(&start::ENDED_WITH_CODE, &[("code", code)]),
            Self::Signal => console.text(&start::ENDED_BY_SIGNAL, &[]),
            Self::CannotStart(error) => console.text(&start::CANNOT_START, &[("error", error)]),
        }
    }
}

impl From<std::process::ExitStatus> for Ending {
    fn from(status: std::process::ExitStatus) -> Self {
        status.code().map_or(Self::Signal, Self::Code)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ports::Ports;

    pub(crate) fn status(service: Service, state: State) -> ServiceStatus {
        let ports = Ports::default();
        ServiceStatus {
            service,
            address: ports.address(service),
            admin: ports.admin(service),
            pid: Some(1),
            state,
            since: Timestamp(0),
            ending: None,
            log_offset: 0,
        }
    }

    #[test]
    fn a_start_waits_for_all_and_fails_with_the_first_that_ends() {
        let wanted = [Service::Auth, Service::Bank];
        let auth = status(Service::Auth, State::Ready);
        let statuses = [auth.clone()];
        assert_eq!(
            progress(&wanted, &statuses),
            Progress::Waiting(vec![Service::Bank])
        );
        let statuses = [auth.clone(), status(Service::Bank, State::Ready)];
        assert_eq!(progress(&wanted, &statuses), Progress::AllReady);
        let statuses = [auth, status(Service::Bank, State::Dead)];
        assert_eq!(progress(&wanted, &statuses), Progress::Failed(&statuses[1]));
    }

    #[test]
    fn a_service_that_was_not_asked_for_does_not_count() {
        let statuses = [
            status(Service::Auth, State::Ready),
            status(Service::Bank, State::Dead),
        ];
        assert_eq!(progress(&[Service::Auth], &statuses), Progress::AllReady);
    }
}
