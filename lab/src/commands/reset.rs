//! `reset`: back to the starter, the work kept.

use serde_json::json;

use crate::cli::exercises::Chosen;
use crate::console::Console;
use crate::exercise::desk::{Desk, now};
use crate::exercise::reset::{Kept, reset};
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

pub fn run(chosen: &Chosen, console: &Console) -> anyhow::Result<Outcome> {
    let desk = Desk::open(console)?;
    let exercise = desk.exercise(chosen.exercise.as_deref())?;
    let kept = reset(&desk, &exercise, now())?;
    if console.json {
        let (branch, folder) = match &kept {
            Kept::OnBranch(branch) => (Some(branch), None),
            Kept::InFolder(folder) => (None, Some(folder)),
            Kept::Nothing => (None, None),
        };
        console.answer(&json!({"lab": exercise.number(), "branch": branch, "folder": folder}))?;
        return Ok(Outcome::Done);
    }
    match &kept {
        Kept::OnBranch(place) => {
            let branch = exercise.branch();
            console.say(
                &texts::RESET_BRANCH,
                &[("place", place), ("branch", &branch)],
            );
        }
        Kept::InFolder(place) => console.say(&texts::RESET_FOLDER, &[("place", place)]),
        Kept::Nothing => console.say(&texts::RESET_NOTHING, &[]),
    }
    Ok(Outcome::Done)
}
