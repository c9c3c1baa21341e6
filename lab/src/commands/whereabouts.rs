//! `cargo lab` alone: where the learner is, and what is next.

use serde::Serialize;

use super::list::{Line, line, state};
use crate::console::Console;
use crate::exercise::advice::{Advice, at, next};
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

#[derive(Serialize)]
struct Answer {
    here: Option<Line>,
    done: usize,
    of: usize,
    /// The command that is next; none when all is done.
    next: Option<String>,
}

pub fn run(console: &Console) -> anyhow::Result<Outcome> {
    let desk = Desk::open(console)?;
    let here = desk.here();
    let advice = match here {
        Some(here) => Some(at(here, &desk.journal(here))),
        None => next(&desk.exercises, &desk.progress).map(|lab| at(lab, &desk.journal(lab))),
    };
    let is_done = |exercise: &&Exercise| desk.progress.is_done(exercise.number());
    let answer = Answer {
        here: here.map(|here| line(&desk, here)),
        done: desk.exercises.iter().filter(is_done).count(),
        of: desk.exercises.len(),
        next: advice
            .as_ref()
            .map(|advice| format!("cargo lab {}", advice.command)),
    };
    if console.json {
        console.answer(&answer)?;
        return Ok(Outcome::Done);
    }
    match (here, &answer.here) {
        (Some(here), Some(line)) => tell_here(&desk, here, line),
        _ => console.say(&texts::NOWHERE, &[]),
    }
    console.say(
        &texts::DONE_SO_FAR,
        &[("done", &answer.done), ("of", &answer.of)],
    );
    if let Some(advice) = advice {
        tell(&advice, console);
    }
    Ok(Outcome::Done)
}

/// What is next, and the command that does it.
pub(super) fn tell(advice: &Advice, console: &Console) {
    let text = advice.text.get(console.lang);
    console.note(&format!("{text} cargo lab {}", advice.command));
}

fn tell_here(desk: &Desk, here: &Exercise, line: &Line) {
    let (console, journal) = (&desk.console, desk.journal(here));
    console.say(
        &texts::HERE,
        &[
            ("lab", &here.number()),
            ("title", &here.title(console.lang)),
            ("state", &state(line, console)),
        ],
    );
    let quiz = journal.quiz.map_or_else(
        || console.text(&texts::NO_QUIZ_YET, &[]),
        |quiz| format!("{}/{}", quiz.right, quiz.of),
    );
    console.say(
        &texts::HERE_COUNTS,
        &[("hints", &journal.hints), ("quiz", &quiz)],
    );
}
