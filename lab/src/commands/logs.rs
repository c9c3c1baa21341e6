//! `logs`: what the services wrote, merged by time; `--follow` goes on with what is added.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::sleep;

use crate::cli::platform::Logs;
use crate::console::Console;
use crate::layout::Layout;
use crate::log_files::Line;
use crate::log_line::{pretty, timestamp};
use crate::outcome::{Outcome, Refusal};
use crate::service::Service;
use crate::supervisor::LAB;
use crate::texts::platform;

const PAUSE: Duration = Duration::from_millis(200);

pub async fn run(arguments: &Logs, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let mut reader = Reader::new(&layout, arguments.service);
    let lines = reader.new_lines();
    if lines.is_empty() && !arguments.follow {
        let folder = layout.logs();
        let text = console.text(&platform::NO_LOGS, &[("folder", &folder.display())]);
        return Err(Refusal::Check(text).into());
    }
    let first = lines
        .len()
        .saturating_sub(arguments.lines.unwrap_or(usize::MAX));
    // A reader that went away (`| head`) ends the command, and is no error.
    let mut read = show(&lines[first..], console);
    while arguments.follow && read.is_ok() {
        sleep(PAUSE).await;
        read = show(&reader.new_lines(), console);
    }
    Ok(Outcome::Done)
}

fn show(lines: &[Line], console: &Console) -> io::Result<()> {
    lines.iter().try_for_each(|line| match console.json {
        true => console.try_line(&line.text),
        false => console.try_line(&pretty(line, console.color)),
    })
}

/// Reads what has been added to the logs since it was last asked. Files are looked at again and again, which works on
/// every system.
struct Reader {
    layout: Layout,
    names: Vec<&'static str>,
    read: BTreeMap<&'static str, u64>,
}

impl Reader {
    fn new(layout: &Layout, service: Option<Service>) -> Self {
        let names = match service {
            Some(service) => vec![service.name()],
            None => Service::ALL
                .into_iter()
                .map(Service::name)
                .chain([LAB])
                .collect(),
        };
        Self {
            layout: layout.clone(),
            names,
            read: BTreeMap::new(),
        }
    }

    fn new_lines(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        for name in self.names.clone() {
            let path = self.layout.log(name);
            let offset = self.read.entry(name).or_default();
            let added = added_since(path, offset).unwrap_or_default();
            lines.extend(stamped(name, &added));
        }
        merge(lines)
    }
}

/// The whole lines from `offset` on, which then moves behind them. A file that became shorter is a new one.
fn added_since(path: PathBuf, offset: &mut u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() < *offset {
        *offset = 0;
    }
    file.seek(SeekFrom::Start(*offset))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    bytes.truncate(whole);
    *offset += whole as u64;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Each line with the time that it sorts by; one that has none (a panic's second line) follows the line before it.
fn stamped(name: &str, text: &str) -> Vec<(String, Line)> {
    let mut last = String::new();
    let stamp = |line: &str| {
        if let Some(time) = timestamp(line) {
            last = time;
        }
        (
            last.clone(),
            Line {
                source: name.to_owned(),
                text: line.to_owned(),
            },
        )
    };
    text.lines().map(stamp).collect()
}

/// Stable: lines of one file stay in their order.
fn merge(mut lines: Vec<(String, Line)>) -> Vec<Line> {
    lines.sort_by(|(one, _), (other, _)| one.cmp(other));
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_files::LogWriter;

    fn write(layout: &Layout, name: &str, lines: &[&str]) {
        let (log, _) = LogWriter::open(&layout.log(name), name, None).expect("a log");
        log.write(
            &lines
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>(),
        );
    }

    #[test]
    fn lines_are_merged_by_time_and_what_has_none_stays_behind_its_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        write(
            &layout,
            "auth",
            &[
                r#"{"timestamp":"2027-01-01T00:00:01Z"}"#,
                "  of auth",
                r#"{"timestamp":"2027-01-01T00:00:03Z"}"#,
            ],
        );
        write(
            &layout,
            "bank",
            &[r#"{"timestamp":"2027-01-01T00:00:02Z"}"#],
        );
        let mut reader = Reader::new(&layout, None);
        let shown: Vec<_> = reader
            .new_lines()
            .into_iter()
            .map(|line| line.source)
            .collect();
        assert_eq!(shown, ["auth", "auth", "bank", "auth"]);
        assert!(reader.new_lines().is_empty(), "each line once");
        write(&layout, "bank", &["more"]);
        assert_eq!(
            reader.new_lines(),
            [Line {
                source: "bank".to_owned(),
                text: "more".to_owned()
            }]
        );
    }

    #[test]
    fn one_service_is_read_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        write(&layout, "auth", &["a"]);
        write(&layout, "bank", &["b"]);
        assert_eq!(
            Reader::new(&layout, Some(Service::Bank)).new_lines().len(),
            1
        );
    }
}
