//! `list`: the labs, and how far the learner is.

use serde::Serialize;

use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::outcome::Outcome;
use crate::texts::exercise as texts;

#[derive(Serialize)]
pub(super) struct Line {
    lab: &'static str,
    name: &'static str,
    title: String,
    minutes: u32,
    rules: Vec<String>,
    state: State,
    passed: usize,
    of: usize,
    /// Labs that should be done before.
    needs: Vec<String>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Done,
    Begun,
    Open,
}

pub fn run(console: &Console) -> anyhow::Result<Outcome> {
    let desk = Desk::open(console)?;
    let exercises = desk.exercises.iter();
    let lines: Vec<_> = exercises.map(|one| line(&desk, one)).collect();
    if console.json {
        console.answer(&lines)?;
    } else if lines.is_empty() {
        console.say(&texts::NO_LABS, &[]);
    } else {
        let headings = [
            &texts::COLUMN_LAB,
            &texts::COLUMN_TITLE,
            &texts::COLUMN_MINUTES,
            &texts::COLUMN_STATE,
            &texts::COLUMN_RULES,
        ];
        let rows: Vec<_> = lines.iter().map(|line| row(line, console)).collect();
        console.table(&headings, &rows);
    }
    Ok(Outcome::Done)
}

pub(super) fn line(desk: &Desk, exercise: &Exercise) -> Line {
    let journal = desk.journal(exercise);
    let is_open = |number: &&String| !desk.progress.is_done(number);
    Line {
        lab: exercise.number(),
        name: exercise.name(),
        title: exercise.title(desk.console.lang).to_owned(),
        minutes: exercise.card.minutes,
        rules: exercise.card.rules.clone(),
        state: match (journal.done, &journal.begun) {
            (Some(_), _) => State::Done,
            (None, Some(_)) => State::Begun,
            (None, None) => State::Open,
        },
        passed: journal.passed.len(),
        of: (exercise.lab.criteria)().len(),
        needs: exercise
            .card
            .needs
            .iter()
            .filter(is_open)
            .cloned()
            .collect(),
    }
}

/// `done`, `begun, 3/7`, `to do`, `after 03`.
pub(super) fn state(line: &Line, console: &Console) -> String {
    match line.state {
        State::Done => console.text(&texts::STATE_DONE, &[]),
        State::Begun => console.text(
            &texts::STATE_BEGUN,
            &[("passed", &line.passed), ("of", &line.of)],
        ),
        State::Open if line.needs.is_empty() => console.text(&texts::STATE_OPEN, &[]),
        State::Open => console.text(&texts::STATE_NEEDS, &[("needs", &line.needs.join(", "))]),
    }
}

fn row(line: &Line, console: &Console) -> Vec<String> {
    vec![
        line.lab.to_owned(),
        line.title.clone(),
        line.minutes.to_string(),
        state(line, console),
        line.rules.join(", "),
    ]
}
