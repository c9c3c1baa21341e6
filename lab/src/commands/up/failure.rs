//! A start that went wrong: what happened, the service's last words, what to do.

use std::fmt::Display;
use std::time::Duration;

use service_kit::process::EXIT_CONFIG;

use crate::console::Console;
use crate::layout::Layout;
use crate::log_files::{Line, tail};
use crate::log_line::pretty;
use crate::outcome::Refusal;
use crate::service::Service;
use crate::service_status::{Ending, Progress, ServiceStatus, progress};
use crate::texts::start;

const LAST_LINES: usize = 12;

/// Where a start stands: `None` while it goes on.
pub(super) fn judge(
    wanted: &[Service],
    statuses: &[ServiceStatus],
    layout: &Layout,
    console: &Console,
) -> Option<Result<(), Refusal>> {
    match progress(wanted, statuses) {
        Progress::AllReady => Some(Ok(())),
        Progress::Waiting(_) => None,
        Progress::Failed(status) => Some(Err(died(status, layout, console))),
    }
}

/// The limit is over.
pub(super) fn too_slow(
    wanted: &[Service],
    statuses: &[ServiceStatus],
    limit: Duration,
    console: &Console,
) -> Refusal {
    let waiting = match progress(wanted, statuses) {
        Progress::Waiting(services) => services,
        _ => Vec::new(),
    };
    let names: Vec<_> = waiting.iter().map(|service| service.name()).collect();
    let values: [(&str, &dyn Display); 2] = [
        ("seconds", &limit.as_secs()),
        ("services", &names.join(", ")),
    ];
    Refusal::Check(console.text(&start::NOT_READY, &values))
}

fn died(status: &ServiceStatus, layout: &Layout, console: &Console) -> Refusal {
    let service = status.service;
    let ending = status
        .ending
        .as_ref()
        .map(|ending| ending.describe(console))
        .unwrap_or_default();
    let head: [(&str, &dyn Display); 2] = [("service", &service), ("ending", &ending)];
    let log = layout.log(service.name());
    let mut lines = vec![console.text(&start::SERVICE_DIED, &head)];
    let last = tail(&log, status.log_offset, LAST_LINES);
    if last.is_empty() {
        lines.push(format!(
            "  {}",
            console.text(&start::SERVICE_SAID_NOTHING, &[])
        ));
    }
    let source = service.name().to_owned();
    let shown = |text| {
        format!(
            "  {}",
            pretty(
                &Line {
                    source: source.clone(),
                    text
                },
                false
            )
        )
    };
    lines.extend(last.into_iter().map(shown));
    let configuration = status.ending == Some(Ending::Code(EXIT_CONFIG.into()));
    let advice = if configuration {
        start::DIED_CONFIGURATION
    } else {
        start::DIED_OTHERWISE
    };
    let values: [(&str, &dyn Display); 2] = [("service", &service), ("log", &log.display())];
    lines.push(console.text(&advice, &values));
    let text = lines.join("\n");
    if configuration {
        Refusal::Configuration(text)
    } else {
        Refusal::Check(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_files::LogWriter;
    use crate::service_status::{State, tests::status};
    use crate::texts::Lang;

    #[test]
    fn a_service_that_dies_at_its_start_is_quoted_and_its_exit_code_decides_ours() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        let (log, _) = LogWriter::open(&layout.log("auth"), "auth", None).expect("a log");
        log.write(&["ISSUER_URL: is not set".to_owned()]);
        let console = Console {
            lang: Lang::En,
            json: false,
            color: false,
            progress: false,
        };
        let mut dead = status(Service::Auth, State::Dead);
        for (code, configuration) in [(78, true), (1, false)] {
            dead.ending = Some(Ending::Code(code));
            let judged = judge(&[Service::Auth], &[dead.clone()], &layout, &console);
            let Some(Err(refusal)) = judged else {
                panic!("{judged:?}")
            };
            assert!(
                refusal.to_string().contains("ISSUER_URL: is not set"),
                "{refusal}"
            );
            assert_eq!(matches!(refusal, Refusal::Configuration(_)), configuration);
        }
    }
}
