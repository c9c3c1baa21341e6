//! `next`: the first lab that is not done and whose needs are met.

use serde_json::json;

use super::start::begin;
use crate::cli::exercises::Next;
use crate::console::Console;
use crate::exercise::advice;
use crate::exercise::desk::Desk;
use crate::exercise::progress::Begun;
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

pub fn run(arguments: &Next, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let Some(exercise) = advice::next(&desk.exercises, &desk.progress).cloned() else {
        return all_done(&desk);
    };
    // Who works in place goes on in place.
    let here = desk.here().map(|here| desk.journal(here).begun);
    let in_place = here == Some(Some(Begun::InPlace));
    begin(&mut desk, &exercise, arguments.no_branch || in_place)
}

fn all_done(desk: &Desk) -> anyhow::Result<Outcome> {
    let is_open = |number: &str| !desk.progress.is_done(number);
    let mut exercises = desk.exercises.iter();
    if exercises.any(|exercise| is_open(exercise.number())) {
        return Err(desk.refusal(&texts::STUCK_BEHIND, &[]).into());
    }
    match desk.console.json {
        true => desk.console.answer(&json!({"lab": null}))?,
        false => desk.console.say(&texts::ALL_DONE, &[]),
    }
    Ok(Outcome::Done)
}
