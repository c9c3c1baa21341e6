//! `audit verify`: the library's verdict, in the reader's language.

use std::fmt::Display;
use std::path::Path;

use serde_json::json;
use service_kit::audit::AuditKey;
use service_kit::audit::chain::Damage;
use service_kit::audit::config::read_key;
use service_kit::audit::verify::{Finding, HeadFault, Verdict, verify};
use service_kit::config::Settings;

use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::texts::audit as texts;

pub fn run(file: &Path, layout: &Layout, console: &Console) -> anyhow::Result<Outcome> {
    let key = key(layout, console)?;
    match verify(file, &key) {
        Ok(verdict) => {
            tell_whole(verdict, console)?;
            Ok(Outcome::Done)
        }
        Err(finding) => {
            let text = describe(&finding, console);
            if console.json {
                console.answer(&json!({"whole": false, "finding": text}))?;
            } else {
                console.say(&texts::BROKEN, &[]);
                console.line(&format!("  {text}"));
            }
            Ok(Outcome::CheckFailed)
        }
    }
}

/// The environment's, which a log from elsewhere needs; else this home's.
fn key(layout: &Layout, console: &Console) -> Result<AuditKey, Refusal> {
    let settings = Settings::from_process();
    let is_set = |key| std::env::var_os(key).is_some_and(|value| !value.is_empty());
    let bad = |fault: &dyn Display| {
        Refusal::Configuration(console.text(&texts::BAD_KEY, &[("fault", fault)]))
    };
    if is_set("AUDIT_KEY") || is_set("AUDIT_KEY_FILE") {
        return settings.load(read_key).map_err(|faults| bad(&faults));
    }
    let path = layout.audit_key();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("error", &error)];
        Refusal::Configuration(console.text(&texts::NO_KEY, &values))
    })?;
    AuditKey::from_base64(&text).map_err(|fault| bad(&fault))
}

fn tell_whole(verdict: Verdict, console: &Console) -> anyhow::Result<()> {
    if console.json {
        let mut answer = json!(verdict);
        answer["whole"] = true.into();
        return console.answer(&answer);
    }
    let Verdict {
        records,
        pruned,
        last,
        unanchored,
        torn,
    } = verdict;
    console.say(&texts::WHOLE, &[("records", &records), ("last", &last)]);
    if pruned > 0 {
        console.say(&texts::PRUNED, &[("pruned", &pruned)]);
    }
    if unanchored > 0 {
        console.say(&texts::UNANCHORED, &[("unanchored", &unanchored)]);
    }
    if torn > 0 {
        console.say(&texts::TORN, &[("torn", &torn)]);
    }
    Ok(())
}

fn describe(finding: &Finding, console: &Console) -> String {
    let at_line = |file: &Path, line: &u64, damage: String| {
        let values: [(&str, &dyn Display); 3] = [
            ("file", &file.display()),
            ("line", line),
            ("damage", &damage),
        ];
        console.text(&texts::AT_LINE, &values)
    };
    match finding {
        Finding::Line { file, line, damage } => {
            at_line(file, line, describe_damage(damage, console))
        }
        Finding::NotAnchored { file, line } => {
            at_line(file, line, console.text(&texts::NOT_ANCHORED, &[]))
        }
        Finding::Truncated {
            file,
            lines,
            found,
            expected,
        } => {
            let values: [(&str, &dyn Display); 4] = [
                ("file", &file.display()),
                ("lines", lines),
                ("found", found),
                ("expected", expected),
            ];
            console.text(&texts::TRUNCATED, &values)
        }
        Finding::Head { file, fault } => match fault {
            HeadFault::Missing => console.text(&texts::HEAD_MISSING, &[("file", &file.display())]),
            HeadFault::Forged => console.text(&texts::HEAD_FORGED, &[("file", &file.display())]),
            HeadFault::Unreadable(error) => unreadable(file, error, console),
        },
        Finding::Unreadable { file, error } => unreadable(file, error, console),
    }
}

fn unreadable(file: &Path, error: &std::io::Error, console: &Console) -> String {
    let values: [(&str, &dyn Display); 2] = [("file", &file.display()), ("error", error)];
    console.text(&texts::UNREADABLE, &values)
}

fn describe_damage(damage: &Damage, console: &Console) -> String {
    match damage {
        Damage::NotARecord => console.text(&texts::NOT_A_RECORD, &[]),
        Damage::Changed => console.text(&texts::CHANGED, &[]),
        Damage::Forged => console.text(&texts::FORGED, &[]),
        Damage::Unlinked => console.text(&texts::UNLINKED, &[]),
        Damage::Removed { first, last } => {
            console.text(&texts::REMOVED, &[("first", first), ("last", last)])
        }
        Damage::Misplaced { found, expected } => {
            let values: [(&str, &dyn Display); 2] = [("found", found), ("expected", expected)];
            console.text(&texts::MISPLACED, &values)
        }
    }
}
