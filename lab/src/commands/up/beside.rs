//! `up` while the platform runs: says what is running; with `--only`, starts again what has ended.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::failure::{judge, too_slow};
use super::{START_LIMIT, check_ports, programs};
use crate::cli::platform::Up;
use crate::commands::status;
use crate::console::Console;
use crate::control::client::Found;
use crate::control::{Reply, Request};
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::service::Service;
use crate::texts::start;

const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn run(
    up: &Up,
    services: &[Service],
    layout: Layout,
    found: Found,
    console: &Console,
) -> anyhow::Result<Outcome> {
    if up.fresh {
        return Err(Refusal::Usage(console.text(&start::FRESH_REFUSED, &[])).into());
    }
    if up.only.is_empty() {
        console.say(&start::ALREADY_RUNNING, &[("pid", &found.state.pid)]);
        status::show(&found, console).await?;
        return Ok(Outcome::Done);
    }
    let layout = layout.with_ports(found.state.ports.clone());
    let (running, ended): (Vec<Service>, Vec<Service>) = services
        .iter()
        .copied()
        .partition(|service| is_running(&found.reply, *service));
    for service in running {
        console.say(&start::ALREADY_UP, &[("service", &service)]);
    }
    if !ended.is_empty() {
        check_ports(&layout.ports, &ended, Duration::ZERO, console).await?;
        programs(up, &ended, found.state.release, console)?;
        start_again(&ended, &layout, &found, console).await?;
    }
    if console.json {
        console.answer(&found.ask(&Request::Status, console).await?)?;
    }
    Ok(Outcome::Done)
}

async fn start_again(
    services: &[Service],
    layout: &Layout,
    found: &Found,
    console: &Console,
) -> anyhow::Result<()> {
    for &service in services {
        found.ask(&Request::Start { service }, console).await?;
    }
    let begun = Instant::now();
    loop {
        let reply = found.ask(&Request::Status, console).await?;
        match judge(services, &reply.services, layout, console) {
            Some(judged) => break judged?,
            None if begun.elapsed() > START_LIMIT => {
                return Err(too_slow(services, &reply.services, START_LIMIT, console).into());
            }
            None => sleep(PAUSE).await,
        }
    }
    for service in services {
        console.say(&start::STARTED_AGAIN, &[("service", service)]);
    }
    Ok(())
}

fn is_running(reply: &Reply, service: Service) -> bool {
    let mut statuses = reply.services.iter();
    statuses.any(|status| status.service == service && status.state.is_running())
}
