//! The supervisor: it runs the services as processes of its own, and is the only one that starts and stops them.
//!
//! One task owns all state and takes one event at a time: a request, a service that is ready, a service that ended.
//! A service's standard input is a pipe that nobody writes to: when it closes, the service stops. So each of them
//! ends when it is told to, and also when the supervisor is killed, on every system.

mod child;
mod log_pump;
mod slots;
mod task;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use service_kit::clock::Clock;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::console::Console;
use crate::control::Request;
use crate::control::server::{Asked, ControlServer};
use crate::layout::Layout;
use crate::log_files::{Line, LogWriter};
use crate::programs::Programs;
use crate::random_text;
use crate::service::Service;
use crate::service_status::ServiceStatus;
use crate::state_file::StateFile;
use slots::Slots;
use task::Supervisor;

/// The name under which the supervisor itself writes a log.
pub const LAB: &str = "lab";

/// Somebody who connected to the control channel and says nothing is not waited for longer than this.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// What to run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub layout: Layout,
    pub programs: Programs,
    pub services: Vec<Service>,
    pub release: bool,
    pub detached: bool,
}

/// A supervisor that runs in this process.
pub struct Running {
    /// What is known of the services, each time that something changes.
    pub services: watch::Receiver<Vec<ServiceStatus>>,
    asked: mpsc::Sender<Asked>,
    control: JoinHandle<()>,
    /// Closed once no connection of the control channel is left.
    answering: mpsc::Receiver<()>,
}

impl Running {
    /// Stops all services and resolves when none is left.
    pub async fn stop(&mut self) {
        let (reply_to, reply) = oneshot::channel();
        let request = (Request::Stop { service: None }, reply_to);
        if self.asked.send(request).await.is_ok() {
            let _ = reply.await;
        }
        self.ended().await;
    }

    /// Resolves when the supervisor has ended, by [`Running::stop`] or because another command asked for it, and that
    /// command has its answer.
    pub async fn ended(&mut self) {
        self.asked.closed().await;
        self.control.abort();
        let _ = timeout(LAST_ANSWERS, self.answering.recv()).await;
    }
}

/// Starts the services of the plan and the control channel, and writes the state file.
///
/// # Errors
/// No port for the control channel, no right to write in the home folder. A service that cannot be started is no
/// error: its status says so.
pub async fn start(
    plan: Plan,
    console: Console,
    shown: Option<mpsc::Sender<Line>>,
) -> anyhow::Result<Running> {
    let secret = random_text::key();
    let control = ControlServer::bind(secret.clone()).await?;
    let state = StateFile {
        pid: std::process::id(),
        control_port: control.port()?,
        control_secret: secret,
        started_at: Clock::system().now(),
        detached: plan.detached,
        release: plan.release,
        ports: plan.layout.ports.clone(),
        services: Vec::new(),
    };
    let (own_log, _) = LogWriter::open(&plan.layout.log(LAB), LAB, shown.clone())?;
    let (happened, happenings) = mpsc::channel(64);
    let (asked, requests) = mpsc::channel(16);
    let (watched, services) = watch::channel(Vec::new());
    let mut supervisor = Supervisor {
        state,
        slots: Slots::default(),
        waiting: Vec::new(),
        ending: false,
        console,
        happened,
        watched,
        shown,
        own_log,
        plan,
    };
    for service in supervisor.plan.services.clone() {
        supervisor.start(service);
    }
    supervisor.publish()?;
    let (busy, answering) = mpsc::channel(1);
    let control = tokio::spawn(control.serve(asked.clone(), busy));
    tokio::spawn(supervisor.run(requests, happenings));
    Ok(Running {
        services,
        asked,
        control,
        answering,
    })
}
