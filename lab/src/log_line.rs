//! How a log line is shown to people: the service's name, the time, the level, the message, the fields.

use serde_json::{Map, Value};

use crate::log_files::Line;
use crate::service::Service;

/// What the name column is as wide as.
const NAME_WIDTH: usize = 8;

const RESET: &str = "\x1b[0m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";

/// Members of a line that have a place of their own, or say nothing to people.
const PLACED: [&str; 5] = ["timestamp", "level", "message", "target", "trace_id"];

/// A JSON line of a service in readable form; any other line as it is, but without control characters: what a
/// stranger sent must not steer the terminal.
pub fn pretty(line: &Line, color: bool) -> String {
    let paint = |code: &str, text: &str| match color {
        true => format!("{code}{text}{RESET}"),
        false => text.to_owned(),
    };
    let name = paint(
        color_of(&line.source),
        &format!("{:<NAME_WIDTH$}", line.source),
    );
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(&line.text) else {
        return format!("{name} {}", harmless(&line.text));
    };
    let time = paint(DIM, &harmless(clock_time(&members)));
    let level = format!("{:<5}", harmless(text(&members, "level")));
    let level = match level.trim_end() {
        "ERROR" => paint(RED, &level),
        "WARN" => paint(YELLOW, &level),
        _ => level,
    };
    let message = match text(&members, "message") {
        "" => text(&members, "target"),
        message => message,
    };
    let fields: String = members
        .iter()
        .filter(|(key, value)| !PLACED.contains(&key.as_str()) && !value.is_null())
        .map(|(key, value)| {
            format!(
                " {}={}",
                paint(DIM, &harmless(key)),
                harmless(&plain(value))
            )
        })
        .collect();
    format!("{name} {time} {level} {}{fields}", harmless(message))
}

/// When the line was written, in a form that sorts; `None` in a line that does not say.
pub fn timestamp(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Stamped {
        timestamp: String,
    }
    serde_json::from_str::<Stamped>(text)
        .ok()
        .map(|line| line.timestamp)
}

fn color_of(source: &str) -> &'static str {
    match source.parse() {
        Ok(Service::Auth) => "\x1b[36m",
        Ok(Service::Catalog) => "\x1b[32m",
        Ok(Service::Booking) => "\x1b[34m",
        Ok(Service::Payment) => "\x1b[35m",
        Ok(Service::Bank) => "\x1b[33m",
        Ok(Service::Gateway) => "\x1b[1m",
        Err(_) => RED,
    }
}

fn text<'a>(members: &'a Map<String, Value>, key: &str) -> &'a str {
    members.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `12:34:56` of an RFC 3339 time.
fn clock_time(members: &Map<String, Value>) -> &str {
    text(members, "timestamp").get(11..19).unwrap_or("        ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() && !text.contains([' ', '"']) => text.clone(),
        other => other.to_string(),
    }
}

/// Without control characters: what a stranger sent must not steer the terminal.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|sign| {
            if sign.is_control() && sign != '\t' {
                '\u{fffd}'
            } else {
                sign
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line {
            source: "catalog".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_json_line_becomes_time_level_message_and_fields() {
        let text = r#"{"timestamp":"2027-06-30T12:34:56.789Z","level":"INFO","message":"listening","address":"127.0.0.1:3002","target":"kit","trace_id":"x","note":"two words","absent":null}"#;
        assert_eq!(
            pretty(&line(text), false),
            "catalog  12:34:56 INFO  listening address=127.0.0.1:3002 note=\"two words\""
        );
    }

    #[test]
    fn a_line_without_a_message_is_named_after_its_target() {
        let text =
            r#"{"timestamp":"2027-06-30T12:34:56Z","level":"WARN","target":"access","status":401}"#;
        assert_eq!(
            pretty(&line(text), false),
            "catalog  12:34:56 WARN  access status=401"
        );
    }

    #[test]
    fn colours_are_only_where_they_are_wanted() {
        let text = r#"{"level":"ERROR","message":"no"}"#;
        assert!(pretty(&line(text), true).contains("\x1b[31mERROR"));
        assert!(!pretty(&line(text), false).contains('\x1b'));
    }

    #[test]
    fn what_a_stranger_sent_cannot_steer_the_terminal() {
        for text in [
            "plain \x1b[2J",
            r#"{"message":"\u001b[2J","path":"/\u009b2J","\u001bk":"v"}"#,
        ] {
            let shown = pretty(&line(text), false);
            assert!(!shown.chars().any(char::is_control), "{shown:?}");
        }
    }

    #[test]
    fn a_line_says_when_it_was_written_if_it_does() {
        assert_eq!(
            timestamp(r#"{"timestamp":"2027"}"#),
            Some("2027".to_owned())
        );
        assert_eq!(timestamp("panic!"), None);
    }
}
