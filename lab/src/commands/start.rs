//! `start`: a lab with its defence taken out, and its text.

use serde::Serialize;

use super::whereabouts::tell;
use crate::cli::exercises::Start;
use crate::console::Console;
use crate::exercise::advice::at;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::exercise::markdown::render;
use crate::exercise::progress::Begun;
use crate::exercise::start::{Started, start};
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

#[derive(Serialize)]
struct Answer {
    lab: &'static str,
    name: &'static str,
    /// It had been begun before.
    again: bool,
    branch: Option<String>,
    files: Vec<String>,
}

pub fn run(arguments: &Start, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(Some(&arguments.exercise))?;
    begin(&mut desk, &exercise, arguments.no_branch)
}

/// Begins the lab, and says so.
pub(super) fn begin(
    desk: &mut Desk,
    exercise: &Exercise,
    no_branch: bool,
) -> anyhow::Result<Outcome> {
    let console = desk.console;
    let started = start(desk, exercise, no_branch)?;
    let on_branch = matches!(desk.journal(exercise).begun, Some(Begun::Branch { .. }));
    let branch = on_branch.then(|| exercise.branch());
    let files = exercise.card.files.iter();
    let files: Vec<_> = files.map(|file| file.display().to_string()).collect();
    if console.json {
        console.answer(&Answer {
            lab: exercise.number(),
            name: exercise.name(),
            again: started == Started::Again,
            branch,
            files,
        })?;
        return Ok(Outcome::Done);
    }
    console.line(&render(&exercise.text(console.lang)?, console.color));
    let (lab, title) = (exercise.number(), exercise.title(console.lang));
    let folder = desk.originals(exercise);
    match (started, &branch) {
        (Started::Again, _) => console.say(&texts::BACK_AT, &[("lab", &lab), ("title", &title)]),
        (Started::Now, Some(branch)) => console.say(
            &texts::STARTED_ON_BRANCH,
            &[("lab", &lab), ("title", &title), ("branch", branch)],
        ),
        (Started::Now, None) => console.say(
            &texts::STARTED_IN_PLACE,
            &[
                ("lab", &lab),
                ("title", &title),
                ("folder", &folder.display()),
            ],
        ),
    }
    console.say(&texts::YOU_WRITE, &[("files", &files.join(", "))]);
    tell(&at(exercise, &desk.journal(exercise)), &console);
    Ok(Outcome::Done)
}
