//! `supervise`: the background half of `up --detach`; people do not call it.

use std::path::Path;

use crate::console::Console;
use crate::outcome::Outcome;
use crate::signals::StopSignals;
use crate::supervisor::{self, Plan};

pub async fn run(plan: &Path, console: Console) -> anyhow::Result<Outcome> {
    let plan: Plan = serde_json::from_str(&std::fs::read_to_string(plan)?)?;
    let mut signals = StopSignals::listen(true)?;
    let mut running = supervisor::start(plan, console, None).await?;
    tokio::select! {
        () = running.ended() => {}
        () = signals.recv() => running.stop().await,
    }
    Ok(Outcome::Done)
}
