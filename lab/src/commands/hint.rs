//! `hint`: the next of three, counted.

use serde_json::json;

use crate::cli::exercises::Hint;
use crate::console::Console;
use crate::exercise::desk::Desk;
use crate::exercise::markdown::render;
use crate::outcome::Outcome;
use crate::texts::{exercise as exercise_texts, exercise_study as texts};

pub fn run(arguments: &Hint, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(arguments.chosen.exercise.as_deref())?;
    let lab = exercise.number();
    let hints = exercise
        .hints(console.lang)
        .map_err(|fault| desk.refusal(&texts::BROKEN_HINTS, &[("fault", &fault)]))?;
    let journal = desk.journal(&exercise);
    if journal.begun.is_none() {
        let refusal = desk.refusal(&exercise_texts::NOT_BEGUN, &[("lab", &lab)]);
        return Err(refusal.into());
    }
    let (seen, of) = (journal.hints.min(hints.0.len()), hints.0.len());
    let shown = match (arguments.again, seen) {
        (true, 0) => return Err(desk.refusal(&texts::NO_HINT_YET, &[("lab", &lab)]).into()),
        (true, seen) => 0..seen,
        (false, seen) if seen == of => {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("of", &of), ("lab", &lab)];
            return Err(desk.refusal(&texts::NO_MORE_HINTS, &values).into());
        }
        (false, seen) => seen..seen + 1,
    };
    if !arguments.again {
        desk.note(&exercise, |journal| journal.hints = seen + 1)?;
    }
    if console.json {
        let seen = shown.end;
        console.answer(&json!({"lab": lab, "seen": seen, "of": of, "hints": &hints.0[shown]}))?;
        return Ok(Outcome::Done);
    }
    for place in shown {
        console.say(&texts::HINT, &[("number", &(place + 1)), ("of", &of)]);
        console.line(&format!("\n{}\n", render(&hints.0[place], console.color)));
    }
    Ok(Outcome::Done)
}
