//! `branches`: the exercise branches of all labs.

use serde_json::json;

use crate::cli::exercises::Branches;
use crate::console::Console;
use crate::exercise::branches::{Made, make};
use crate::exercise::desk::Desk;
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

pub fn run(arguments: &Branches, console: &Console) -> anyhow::Result<Outcome> {
    let desk = Desk::open(console)?;
    let made = make(&desk, arguments.force)?;
    let differ = made.iter().any(|(_, made)| *made == Made::Differs);
    if console.json {
        let lines = made.iter().map(|(exercise, made)| {
            json!({"lab": exercise.number(), "branch": exercise.branch(), "made": made})
        });
        console.answer(&lines.collect::<Vec<_>>())?;
    } else {
        let rows = made.iter().map(|(exercise, made)| {
            let text = match made {
                Made::New => texts::BRANCH_NEW,
                Made::Same => texts::BRANCH_SAME,
                Made::Overwritten => texts::BRANCH_OVERWRITTEN,
                Made::Differs => texts::BRANCH_DIFFERS,
            };
            vec![exercise.branch(), console.text(&text, &[])]
        });
        let headings = [&texts::COLUMN_BRANCH, &texts::COLUMN_STATE];
        console.table(&headings, &rows.collect::<Vec<_>>());
        console.say(
            if differ {
                &texts::BRANCHES_DIFFER
            } else {
                &texts::BRANCHES_PUSH
            },
            &[],
        );
    }
    Ok(if differ {
        Outcome::CheckFailed
    } else {
        Outcome::Done
    })
}
