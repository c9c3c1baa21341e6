//! `leave`: the tree as it was before the lab, the work kept for later.

use serde_json::json;

use crate::cli::exercises::Chosen;
use crate::console::Console;
use crate::exercise::desk::Desk;
use crate::exercise::leave::{Left, leave};
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

pub fn run(chosen: &Chosen, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(chosen.exercise.as_deref())?;
    let left = leave(&mut desk, &exercise)?;
    let folder = match &left {
        Left::In(folder) => Some(folder),
        Left::Nothing => None,
    };
    let lab = exercise.number();
    if console.json {
        console.answer(&json!({"lab": lab, "folder": folder}))?;
        return Ok(Outcome::Done);
    }
    match folder {
        Some(folder) => console.say(&texts::LEFT, &[("lab", &lab), ("folder", folder)]),
        None => console.say(&texts::LEFT_NOTHING, &[("lab", &lab)]),
    }
    Ok(Outcome::Done)
}
