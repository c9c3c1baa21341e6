//! `up`: everything from an empty folder to a platform that answers.

mod beside;
mod detached;
mod failure;
mod foreground;

use std::fmt::Display;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use super::prepare;
use crate::cargo_build::{Build, BuildError, build};
use crate::cli::platform::Up;
use crate::console::Console;
use crate::control::client::find;
use crate::layout::{Layout, workspace};
use crate::outcome::{Outcome, Refusal};
use crate::ports::{ADMIN_DISTANCE, HIGHEST, PortFault, Ports, Taken, free_near, parse};
use crate::programs::Programs;
use crate::service::Service;
use crate::state_file::StateFile;
use crate::supervisor::Plan;
use crate::texts::{start, usage};

/// All services must be ready by then.
const START_LIMIT: Duration = Duration::from_secs(30);

/// The services of a supervisor that was killed stop by themselves, but not at once.
const LEFTOVERS_LIMIT: Duration = Duration::from_secs(12);

pub async fn run(up: Up, console: Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(&console)?;
    let services = chosen(&up, &console)?;
    let ports = ports(&up, &console)?;
    let had_supervisor = StateFile::read(&layout.state()).is_some();
    if let Some(found) = find(&layout, &console).await? {
        return beside::run(&up, &services, layout, found, &console).await;
    }
    let layout = layout.with_ports(ports);
    if up.fresh {
        prepare::remove_data(&layout, &console)?;
    }
    let patience = if had_supervisor {
        LEFTOVERS_LIMIT
    } else {
        Duration::ZERO
    };
    check_ports(&layout.ports, &services, patience, &console).await?;
    let programs = programs(&up, &services, up.release, &console)?;
    prepare::make_missing(&layout, &console)?;
    let plan = Plan {
        layout,
        programs,
        services,
        release: up.release,
        detached: up.detach,
    };
    let begun = Instant::now();
    if up.detach {
        detached::run(plan, &console, begun).await
    } else {
        foreground::run(plan, console, begun).await
    }
}

fn chosen(up: &Up, console: &Console) -> Result<Vec<Service>, Refusal> {
    let wanted = |service: &Service| match up.only.as_slice() {
        [] => !up.without.contains(service),
        only => only.contains(service),
    };
    let services: Vec<_> = Service::ALL.into_iter().filter(wanted).collect();
    if services.is_empty() {
        return Err(Refusal::Usage(console.text(&start::NOTHING_CHOSEN, &[])));
    }
    Ok(services)
}

fn ports(up: &Up, console: &Console) -> Result<Ports, Refusal> {
    let changes: Result<Vec<_>, _> = up.ports.iter().map(|text| parse(text)).collect();
    changes
        .and_then(|changes| Ports::with(&changes))
        .map_err(|fault| {
            Refusal::Usage(match fault {
                PortFault::Shape => console.text(&usage::PORT_SHAPE, &[]),
                PortFault::Range => {
                    let values: [(&str, &dyn Display); 2] =
                        [("highest", &HIGHEST), ("distance", &ADMIN_DISTANCE)];
                    console.text(&usage::PORT_RANGE, &values)
                }
                PortFault::Twice { port, one, other } => {
                    let values: [(&str, &dyn Display); 3] =
                        [("port", &port), ("one", &one), ("other", &other)];
                    console.text(&usage::PORT_TWICE, &values)
                }
            })
        })
}

/// Before anything is built: a taken port is known in no time.
async fn check_ports(
    ports: &Ports,
    services: &[Service],
    patience: Duration,
    console: &Console,
) -> Result<(), Refusal> {
    let begun = Instant::now();
    loop {
        match ports.check_free(services) {
            Ok(()) => return Ok(()),
            Err(_) if begun.elapsed() < patience => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(taken) => return Err(port_refusal(&taken, ports, console)),
        }
    }
}

fn port_refusal(taken: &Taken, ports: &Ports, console: &Console) -> Refusal {
    let free = free_near(ports.port(taken.service));
    let text = match taken.error.kind() {
        ErrorKind::AddrInUse => start::PORT_TAKEN,
        _ => start::PORT_REFUSED,
    };
    let values: [(&str, &dyn Display); 4] = [
        ("port", &taken.port),
        ("service", &taken.service),
        ("free", &free),
        ("error", &taken.error),
    ];
    Refusal::Configuration(console.text(&text, &values))
}

fn programs(
    up: &Up,
    services: &[Service],
    release: bool,
    console: &Console,
) -> anyhow::Result<Programs> {
    if up.no_build {
        let programs = Programs::beside_this_one()?;
        let missing = services
            .iter()
            .map(|service| programs.of(*service))
            .find(|path| !path.is_file());
        return match missing {
            Some(path) => {
                let program = path.display();
                let text = console.text(&start::NO_PROGRAM, &[("program", &program)]);
                Err(Refusal::Configuration(text).into())
            }
            None => Ok(programs),
        };
    }
    if console.progress {
        console.error(&console.text(&start::BUILDING, &[]));
    }
    let workspace = workspace(console)?;
    let names = Service::ALL.map(Service::program);
    let built = build(Build {
        workspace: &workspace,
        programs: &names,
        target: None,
        release,
        progress: console.progress,
        color: console.color,
    });
    built
        .map(Programs)
        .map_err(|error| build_refusal(error, console).into())
}

fn build_refusal(error: BuildError, console: &Console) -> Refusal {
    let (errors, said) = match error {
        BuildError::NoCargo(error) => {
            return Refusal::Check(console.text(&start::NO_CARGO, &[("error", &error)]));
        }
        BuildError::Failed { errors, said } => (errors, said),
    };
    for error in errors {
        console.error(&error.rendered);
    }
    console.error(said.trim_end());
    Refusal::Check(console.text(&start::BUILD_FAILED, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Lang;

    const CONSOLE: Console = Console {
        lang: Lang::En,
        json: false,
        color: false,
        progress: false,
    };

    fn up(only: &[Service], without: &[Service], ports: &[&str]) -> Up {
        Up {
            detach: false,
            fresh: false,
            release: false,
            no_build: false,
            only: only.to_vec(),
            without: without.to_vec(),
            ports: ports.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn services_are_chosen_or_left_out_and_keep_their_order() {
        let only = chosen(&up(&[Service::Gateway, Service::Auth], &[], &[]), &CONSOLE);
        assert_eq!(only, Ok(vec![Service::Auth, Service::Gateway]));
        let without = chosen(&up(&[], &[Service::Bank], &[]), &CONSOLE).expect("five");
        assert_eq!(without.len(), 5);
        assert!(matches!(
            chosen(&up(&[], &Service::ALL, &[]), &CONSOLE),
            Err(Refusal::Usage(_))
        ));
    }

    #[test]
    fn a_port_that_cannot_be_is_wrong_use() {
        for bad in ["gateway", "gateway=60000", "gateway=3001"] {
            let refused = ports(&up(&[], &[], &[bad]), &CONSOLE).expect_err(bad);
            assert!(matches!(refused, Refusal::Usage(_)), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_refused_with_the_option_that_helps() {
        let ports = Ports::any_free().expect("free ports");
        let _holder = std::net::TcpListener::bind(ports.address(Service::Auth)).expect("the port");
        let refused = check_ports(&ports, &Service::ALL, Duration::ZERO, &CONSOLE).await;
        let Err(Refusal::Configuration(text)) = refused else {
            panic!("{refused:?}")
        };
        let port = ports.port(Service::Auth).to_string();
        assert!(
            text.contains(&port) && text.contains("--port auth="),
            "{text}"
        );
    }
}
