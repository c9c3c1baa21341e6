//! `diff`: the learner's code beside the reference.

use std::fmt::Display;

use serde_json::json;

use crate::cli::exercises::Diff;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::exercise::line_diff::unified;
use crate::exercise::place;
use crate::outcome::Outcome;
use crate::texts::{exercise as exercise_texts, exercise_study as texts};

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

pub fn run(arguments: &Diff, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(arguments.chosen.exercise.as_deref())?;
    let journal = desk.journal(&exercise);
    let lab: [(&str, &dyn Display); 1] = [("lab", &exercise.number())];
    if journal.begun.is_none() {
        return Err(desk.refusal(&exercise_texts::NOT_BEGUN, &lab).into());
    }
    let is_early = journal.done.is_none();
    if is_early && !arguments.unlock {
        return Err(desk.refusal(&texts::LOCKED, &lab).into());
    }
    let Some(reference) = place::reference(&desk, &exercise)? else {
        return Err(desk.refusal(&texts::REFERENCE_AWAY, &[]).into());
    };
    if is_early {
        desk.note(&exercise, |journal| journal.unlocked += 1)?;
    }
    let yours = place::under(&exercise, &desk.workspace)?;
    let diffs = diffs(&exercise, &yours, &reference, console);
    if console.json {
        let files = diffs
            .iter()
            .map(|(file, diff)| json!({"file": file, "diff": diff}));
        let files: Vec<_> = files.collect();
        console.answer(&json!({"lab": exercise.number(), "files": files}))?;
    } else if diffs.is_empty() {
        console.say(&texts::SAME_AS_REFERENCE, &[]);
    } else {
        for line in diffs.iter().flat_map(|(_, diff)| diff.lines()) {
            console.line(&colored(line, console));
        }
    }
    Ok(Outcome::Done)
}

/// Of each file that differs.
fn diffs(
    exercise: &Exercise,
    yours: &place::Contents,
    reference: &place::Contents,
    console: &Console,
) -> Vec<(String, String)> {
    let text = |contents: &place::Contents, file| {
        let found = contents.iter().find(|(path, _)| path == file);
        let content = found
            .map(|(_, content)| content.as_slice())
            .unwrap_or_default();
        String::from_utf8_lossy(content).into_owned()
    };
    let files = exercise.card.files.iter();
    let diffs = files.map(|file| {
        let shown = file.display().to_string();
        let names = [texts::NAME_YOURS, texts::NAME_REFERENCE]
            .map(|name| console.text(&name, &[("file", &shown)]));
        let diff = unified(
            &text(yours, file),
            &text(reference, file),
            &names[0],
            &names[1],
        );
        (shown, diff)
    });
    diffs.filter(|(_, diff)| !diff.is_empty()).collect()
}

fn colored(line: &str, console: &Console) -> String {
    let color = match line.chars().next() {
        Some('-') => RED,
        Some('+') => GREEN,
        Some('@') => CYAN,
        _ => return line.to_owned(),
    };
    match console.color {
        true => format!("{color}{line}{PLAIN}"),
        false => line.to_owned(),
    }
}
