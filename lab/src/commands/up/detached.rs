//! `up --detach`: the supervisor becomes a background process of its own; this one waits until all is ready.

use std::fmt::Display;
use std::fs::OpenOptions;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::START_LIMIT;
use super::failure::{judge, too_slow};
use crate::commands::summary;
use crate::console::Console;
use crate::control::Request;
use crate::control::client::Client;
use crate::outcome::{Outcome, Refusal};
use crate::private_file::write_secret;
use crate::service_status::ServiceStatus;
use crate::signals::StopSignals;
use crate::state_file::StateFile;
use crate::supervisor::{LAB, Plan};
use crate::texts::start;

const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn run(plan: Plan, console: &Console, begun: Instant) -> anyhow::Result<Outcome> {
    let mut signals = StopSignals::listen(false)?;
    let mut supervisor = spawn(&plan, console)?;
    let started = tokio::select! {
        started = until_started(&plan, &mut supervisor, console) => Some(started),
        () = signals.recv() => None,
    };
    match started {
        Some(Ok(services)) => {
            summary::show(&plan.layout, &services, begun.elapsed(), console)?;
            console.say(&start::STOP_HINT_DETACHED, &[]);
            Ok(Outcome::Done)
        }
        Some(Err(refusal)) => {
            stop(&plan, &mut supervisor).await;
            Err(refusal.into())
        }
        None => {
            stop(&plan, &mut supervisor).await;
            console.say(&start::ALL_STOPPED, &[]);
            Ok(Outcome::CheckFailed)
        }
    }
}

/// Detached from the terminal: no Ctrl-C meant for others reaches it. What it cannot tell anybody goes into its log.
fn spawn(plan: &Plan, console: &Console) -> anyhow::Result<Child> {
    let layout = &plan.layout;
    let plan_path = layout.run().join("plan.json");
    write_secret(&plan_path, &serde_json::to_string(plan)?)?;
    std::fs::create_dir_all(layout.logs())?;
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(layout.log(LAB))?;
    let program = plan
        .programs
        .runnable(&std::env::current_exe()?, &layout.run())?;
    let mut command = Command::new(program);
    command
        .args(["--lang", console.lang.code(), "supervise"])
        .arg(plan_path)
        .current_dir(&layout.home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt;
        const DETACHED_PROCESS: u32 = 0x0000_0008;
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    }
    Ok(command.spawn()?)
}

async fn until_started(
    plan: &Plan,
    supervisor: &mut Child,
    console: &Console,
) -> Result<Vec<ServiceStatus>, Refusal> {
    let begun = Instant::now();
    let mut last = Vec::new();
    while begun.elapsed() < START_LIMIT {
        if !matches!(supervisor.try_wait(), Ok(None)) {
            let log = plan.layout.log(LAB);
            let values: [(&str, &dyn Display); 1] = [("log", &log.display())];
            return Err(Refusal::Check(
                console.text(&start::SUPERVISOR_DIED, &values),
            ));
        }
        if let Some(client) = client_of(plan, supervisor)
            && let Ok(reply) = client.ask(&Request::Status).await
        {
            last = reply.services;
            if let Some(judged) = judge(&plan.services, &last, &plan.layout, console) {
                return judged.map(|()| last);
            }
        }
        sleep(PAUSE).await;
    }
    Err(too_slow(&plan.services, &last, START_LIMIT, console))
}

async fn stop(plan: &Plan, supervisor: &mut Child) {
    let stopped = match client_of(plan, supervisor) {
        Some(client) => client.ask(&Request::Stop { service: None }).await.is_ok(),
        None => false,
    };
    if !stopped {
        // Its services end with it: their standard input closes.
        let _ = supervisor.kill();
    }
}

fn client_of(plan: &Plan, supervisor: &Child) -> Option<Client> {
    let state = StateFile::read(&plan.layout.state())?;
    (state.pid == supervisor.id()).then(|| Client::new(state.control_port, state.control_secret))
}
