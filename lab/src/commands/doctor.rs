//! `doctor`: is this machine fit for the platform?

use serde::Serialize;

use crate::console::Console;
use crate::control::client::find;
use crate::doctor::{Card, Finding, Patient, Verdict, examine};
use crate::layout::Layout;
use crate::outcome::Outcome;
use crate::texts::doctor as texts;

#[derive(Serialize)]
struct Answer {
    findings: Vec<Finding>,
    summary: String,
}

pub async fn run(console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let found = find(&layout, console).await?;
    let patient = Patient {
        layout: &layout,
        console,
        found: found.as_ref(),
    };
    let findings = examine(&patient);
    let bad = findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Bad);
    let summary = Card::of(&patient, &findings).to_string();
    if console.json {
        console.answer(&Answer { findings, summary })?;
    } else {
        findings.iter().for_each(|finding| show(finding, console));
        console.say(&texts::CARD, &[]);
        console.line(&summary);
    }
    Ok(if bad {
        Outcome::CheckFailed
    } else {
        Outcome::Done
    })
}

fn show(finding: &Finding, console: &Console) {
    let (mark, color) = match finding.verdict {
        Verdict::Good => (texts::MARK_GOOD, "\x1b[32m"),
        Verdict::Warning => (texts::MARK_WARNING, "\x1b[33m"),
        Verdict::Bad => (texts::MARK_BAD, "\x1b[31m"),
    };
    let mark = format!("{:<9}", console.text(&mark, &[]));
    let mark = if console.color {
        format!("{color}{mark}\x1b[0m")
    } else {
        mark
    };
    console.line(&format!("{mark} {:<27} {}", finding.check, finding.detail));
}
