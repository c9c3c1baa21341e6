//! `up` in a terminal: the supervisor runs in this process, the merged log is shown, Ctrl-C stops everything.

use std::time::Instant;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::START_LIMIT;
use super::failure::{judge, too_slow};
use crate::commands::summary;
use crate::console::Console;
use crate::log_files::{Line, WAITING_LINES};
use crate::log_line::pretty;
use crate::outcome::{Outcome, Refusal};
use crate::signals::StopSignals;
use crate::supervisor::{self, Plan, Running};
use crate::texts::start;

pub(super) async fn run(plan: Plan, console: Console, begun: Instant) -> anyhow::Result<Outcome> {
    let mut signals = StopSignals::listen(false)?;
    let (shown, lines) = mpsc::channel(WAITING_LINES);
    let mut running = supervisor::start(plan.clone(), console, Some(shown)).await?;
    let started = tokio::select! {
        started = until_started(&plan, &running, &console) => Some(started),
        () = signals.recv() => None,
    };
    match started {
        Some(Ok(())) => {
            let services = running.services.borrow().clone();
            summary::show(&plan.layout, &services, begun.elapsed(), &console)?;
            console.say(&start::STOP_HINT_FOREGROUND, &[]);
            console.note("");
            tokio::task::spawn_blocking(move || print(lines, console));
            tokio::select! {
                () = running.ended() => {}
                () = signals.recv() => stop(&mut running, &mut signals, &console).await,
            }
        }
        Some(Err(refusal)) => {
            running.stop().await;
            return Err(refusal.into());
        }
        None => stop(&mut running, &mut signals, &console).await,
    }
    console.say(&start::ALL_STOPPED, &[]);
    Ok(Outcome::Done)
}

async fn until_started(plan: &Plan, running: &Running, console: &Console) -> Result<(), Refusal> {
    let mut services = running.services.clone();
    let judged = async {
        loop {
            let now = services.borrow_and_update().clone();
            let judged = judge(&plan.services, &now, &plan.layout, console);
            match judged {
                Some(judged) => return judged,
                // The supervisor has ended: what is known now is all that will be.
                None if services.changed().await.is_err() => std::future::pending().await,
                None => {}
            }
        }
    };
    match timeout(START_LIMIT, judged).await {
        Ok(judged) => judged,
        Err(_) => {
            let now = running.services.borrow().clone();
            Err(too_slow(&plan.services, &now, START_LIMIT, console))
        }
    }
}

/// A second Ctrl-C waits for nobody: this process ends, and the services are killed with it.
async fn stop(running: &mut Running, signals: &mut StopSignals, console: &Console) {
    console.say(&start::STOPPING, &[]);
    tokio::select! {
        () = running.stop() => {}
        () = signals.recv() => {}
    }
}

/// In a thread of its own: a terminal may take its time.
fn print(mut lines: mpsc::Receiver<Line>, console: Console) {
    while let Some(line) = lines.blocking_recv() {
        match console.json {
            true => console.line(&line.text),
            false => console.line(&pretty(&line, console.color)),
        }
    }
}
