//! `audit show`: records, oldest first, one a line. It does not judge them; `audit verify` does.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde_json::Value;
use service_kit::audit::AuditFiles;

use crate::cli::gateway::AuditShow;
use crate::console::Console;
use crate::log_line::harmless;
use crate::outcome::Outcome;

pub fn run(file: &Path, wanted: &AuditShow, console: &Console) -> anyhow::Result<Outcome> {
    // A reader that went away (`| head`) ends the command, and is no error.
    match wanted.last {
        // Line by line: a log of months need not fit into memory.
        None => each_record(file, wanted, console.json, |line| {
            console.try_line(&line).is_ok()
        })?,
        Some(count) => {
            let mut last = VecDeque::new();
            each_record(file, wanted, console.json, |line| {
                last.push_back(line);
                if last.len() > count {
                    last.pop_front();
                }
                true
            })?;
            let _ = last.iter().try_for_each(|line| console.try_line(line));
        }
    }
    Ok(Outcome::Done)
}

/// The wanted records of all files, oldest first, as long as `take` goes on.
fn each_record(
    file: &Path,
    wanted: &AuditShow,
    json: bool,
    mut take: impl FnMut(String) -> bool,
) -> io::Result<()> {
    let closed = AuditFiles::of(file).closed()?;
    let mut paths: Vec<_> = closed.into_iter().map(|closed| closed.path).collect();
    if file.exists() {
        paths.push(file.to_owned());
    }
    for path in paths {
        for line in BufReader::new(File::open(path)?).split(b'\n') {
            let line = line?;
            // What is no record is for `verify` to tell.
            let record = serde_json::from_slice::<Value>(&line).ok();
            let Some(record) = record.filter(|record| is_wanted(record, wanted)) else {
                continue;
            };
            let shown = if json {
                String::from_utf8_lossy(&line).into_owned()
            } else {
                one_line(&record)
            };
            if !take(shown) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn is_wanted(record: &Value, wanted: &AuditShow) -> bool {
    let is = |name: &str, value: &Option<String>| {
        value
            .as_ref()
            .is_none_or(|value| record[name] == value.as_str())
    };
    is("user.id", &wanted.user)
        && is("event.action", &wanted.action)
        && is("http.request.id", &wanted.request)
}

/// The schema's own words, so that what is read here is found again in a SIEM.
fn one_line(record: &Value) -> String {
    let text = |name: &str| match &record[name] {
        Value::Null => "-".to_owned(),
        Value::String(text) => harmless(text),
        other => harmless(&other.to_string()),
    };
    let stage = record["event.type"][0].as_str().unwrap_or("-");
    let mut line = format!(
        "{:>6} {} {:<6} {:<16} {:<7} {:>3} user={} ip={} {} {}",
        text("event.sequence"),
        text("@timestamp"),
        harmless(stage),
        text("event.action"),
        text("event.outcome"),
        text("http.response.status_code"),
        text("user.id"),
        text("source.ip"),
        text("http.request.method"),
        text("url.path"),
    );
    if !record["event.reason"].is_null() {
        line.push_str(&format!(" ({})", text("event.reason")));
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanting(user: Option<&str>, action: Option<&str>) -> AuditShow {
        AuditShow {
            file: None,
            user: user.map(str::to_owned),
            action: action.map(str::to_owned),
            request: None,
            last: None,
        }
    }

    #[test]
    fn records_are_found_by_user_and_action() {
        let record = json!({"user.id": "7", "event.action": "booking.create"});
        for (user, action, found) in [
            (None, None, true),
            (Some("7"), Some("booking.create"), true),
            (Some("8"), None, false),
            (Some("7"), Some("payment.create"), false),
        ] {
            assert_eq!(is_wanted(&record, &wanting(user, action)), found);
        }
    }

    #[test]
    fn a_record_in_a_tampered_file_cannot_steer_the_terminal() {
        let record =
            json!({"url.path": "/\u{1b}[2J", "event.type": ["\u{9b}2J"], "event.reason": "a\nb"});
        let line = one_line(&record);
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}
