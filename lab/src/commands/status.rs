//! `status`: what runs, and whether it answers now.

use serde::Serialize;
use service_kit::clock::Clock;

use crate::console::Console;
use crate::control::client::{Found, find};
use crate::layout::Layout;
use crate::outcome::Outcome;
use crate::readiness::is_ready;
use crate::service::Service;
use crate::service_status::{ServiceStatus, State};
use crate::texts::platform;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    running: bool,
    supervisor_pid: Option<u32>,
    services: Vec<Seen>,
}

/// A service's status as its supervisor knows it, and what the service itself says now.
#[derive(Serialize)]
struct Seen {
    #[serde(flatten)]
    status: ServiceStatus,
    ready: bool,
}

pub async fn run(console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let Some(found) = find(&layout, console).await? else {
        if console.json {
            console.answer(&Answer {
                running: false,
                supervisor_pid: None,
                services: Vec::new(),
            })?;
        } else {
            console.say(&platform::NOT_RUNNING, &[]);
        }
        return Ok(Outcome::CheckFailed);
    };
    let down = show(&found, console).await?;
    if down.is_empty() {
        return Ok(Outcome::Done);
    }
    let names: Vec<_> = down.iter().map(|service| service.name()).collect();
    console.say(&platform::SOMETHING_DOWN, &[("services", &names.join(","))]);
    Ok(Outcome::CheckFailed)
}

/// Shows every service, and returns those that do not answer.
pub async fn show(found: &Found, console: &Console) -> anyhow::Result<Vec<Service>> {
    let mut services = Vec::new();
    for status in &found.reply.services {
        let ready = status.state.is_running() && is_ready(status.admin).await;
        services.push(Seen {
            status: status.clone(),
            ready,
        });
    }
    let down = services
        .iter()
        .filter(|seen| !seen.ready)
        .map(|seen| seen.status.service)
        .collect();
    if console.json {
        let supervisor_pid = Some(found.state.pid);
        console.answer(&Answer {
            running: true,
            supervisor_pid,
            services,
        })?;
    } else {
        rows(&services, console);
    }
    Ok(down)
}

/// The table of services that are all known to be as their status says.
pub fn table(services: &[ServiceStatus], console: &Console) {
    let seen = |status: &ServiceStatus| Seen {
        ready: status.state == State::Ready,
        status: status.clone(),
    };
    rows(&services.iter().map(seen).collect::<Vec<_>>(), console);
}

fn rows(services: &[Seen], console: &Console) {
    let headings = [
        &platform::COLUMN_SERVICE,
        &platform::COLUMN_STATE,
        &platform::COLUMN_ADDRESS,
        &platform::COLUMN_ADMIN,
        &platform::COLUMN_PID,
        &platform::COLUMN_SINCE,
    ];
    let row = |seen: &Seen| {
        let status = &seen.status;
        vec![
            status.service.to_string(),
            state(seen, console),
            format!("https://localhost:{}", status.address.port()),
            format!("http://{}", status.admin),
            status.pid.map_or("-".to_owned(), |pid| pid.to_string()),
            age(Clock::system().now().0 - status.since.0),
        ]
    };
    console.table(&headings, &services.iter().map(row).collect::<Vec<_>>());
}

fn state(seen: &Seen, console: &Console) -> String {
    let text = match seen.status.state {
        State::Ready if !seen.ready => platform::STATE_NOT_READY,
        state => state.text(),
    };
    let text = console.text(&text, &[]);
    match &seen.status.ending {
        Some(ending) if seen.status.state == State::Dead => {
            format!("{text} ({})", ending.describe(console))
        }
        _ => text,
    }
}

/// `42 s`, `5 min`, `3 h`, `2 d`.
fn age(milliseconds: i64) -> String {
    match milliseconds.max(0) / 1000 {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_is_told_in_the_unit_that_fits() {
        let ages = [0, 119_999, 120_000, 7_200_000, 172_800_000].map(age);
        assert_eq!(ages, ["0 s", "119 s", "2 min", "2 h", "2 d"]);
    }
}
