//! `check`: the learner's code, criterion by criterion.

use std::fmt::Display;

use escale_exercises::{Judged, Report, judge};
use serde::Serialize;

use super::build::built;
use super::whereabouts::tell;
use crate::cargo_build::Diagnostic;
use crate::cli::exercises::Chosen;
use crate::console::Console;
use crate::exercise::advice::at;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::{Desk, now};
use crate::exercise::progress::Journal;
use crate::exercise::telling::{judged, why};
use crate::outcome::Outcome;
use crate::student::Student;
use crate::texts::exercise_check as texts;

#[derive(Serialize)]
struct Answer {
    lab: &'static str,
    /// The compiler's; nothing was judged when there are some.
    errors: Vec<Diagnostic>,
    #[serde(flatten)]
    report: Report,
}

pub async fn run(chosen: &Chosen, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(chosen.exercise.as_deref())?;
    check(&mut desk, &exercise).await
}

/// Builds and judges once, and writes down what was met.
pub(super) async fn check(desk: &mut Desk, exercise: &Exercise) -> anyhow::Result<Outcome> {
    let console = desk.console;
    let lab = exercise.number();
    let criteria = (exercise.lab.criteria)();
    let seed = Student::seed_in(&desk.workspace);
    if !desk.is_at(exercise) {
        console.say(&texts::NOT_RECORDED, &[("lab", &lab)]);
    }
    let (errors, report) = match built(desk, exercise).await? {
        Err(errors) => {
            let of = criteria.len();
            let report = Report {
                of,
                ..Report::default()
            };
            (errors, report)
        }
        Ok(programs) => {
            let title = exercise.title(console.lang);
            let of = criteria.len();
            let values: [(&str, &dyn Display); 3] = [("lab", &lab), ("title", &title), ("of", &of)];
            console.say(&texts::CHECKING, &values);
            let told = |one: &Judged| {
                judged(one, &console)
                    .iter()
                    .for_each(|line| console.note(line))
            };
            (Vec::new(), judge(criteria, &programs, seed, told).await)
        }
    };
    if desk.is_at(exercise) {
        desk.note(exercise, |journal| record(journal, &report))?;
    }
    if errors.is_empty() {
        summarise(desk, exercise, &report);
    }
    let outcome = match report.is_whole() {
        true => Outcome::Done,
        false => Outcome::CheckFailed,
    };
    if console.json {
        console.answer(&Answer {
            lab,
            errors,
            report,
        })?;
    }
    Ok(outcome)
}

/// What was met once stays written down, with its first time.
fn record(journal: &mut Journal, report: &Report) {
    let now = now();
    let met = report.judged.iter().filter(|one| one.failure.is_none());
    for one in met {
        journal.passed.entry(one.id.clone()).or_insert(now);
    }
    if report.is_whole() {
        journal.done.get_or_insert(now);
    }
}

fn summarise(desk: &Desk, exercise: &Exercise, report: &Report) {
    let (console, lab) = (&desk.console, exercise.number());
    let seconds = seconds(report.milliseconds, console);
    if report.is_whole() {
        let values: [(&str, &dyn Display); 2] = [("of", &report.of), ("seconds", &seconds)];
        console.say(&texts::ALL_MET, &values);
        if desk.is_at(exercise) {
            tell(&at(exercise, &desk.journal(exercise)), console);
            console.say(&texts::ALSO_DIFF, &[("lab", &lab)]);
        }
        return;
    }
    if let Some(failure) = &report.stopped {
        console.say(&texts::STOPPED, &[]);
        console.note(&format!("  {}", why(failure, console)));
        let left = report.of - report.judged.len();
        console.say(&texts::NOT_JUDGED, &[("count", &left), ("of", &report.of)]);
    } else {
        let values: [(&str, &dyn Display); 3] = [
            ("passed", &report.passed()),
            ("of", &report.of),
            ("seconds", &seconds),
        ];
        console.say(&texts::COUNT, &values);
    }
    console.say(&texts::STUCK, &[("lab", &lab)]);
}

/// With the decimal sign of the language.
fn seconds(milliseconds: u64, console: &Console) -> String {
    let text = format!("{}.{}", milliseconds / 1_000, milliseconds % 1_000 / 100);
    match console.lang {
        crate::texts::Lang::Fr => text.replace('.', ","),
        crate::texts::Lang::En => text,
    }
}

#[cfg(test)]
mod tests {
    use escale_exercises::{Failure, Message};
    use service_kit::clock::Timestamp;

    use super::*;

    fn report(failures: [Option<Failure>; 2]) -> Report {
        let judged = ["a", "b"]
            .into_iter()
            .zip(failures)
            .map(|(id, failure)| Judged {
                id: id.to_owned(),
                rules: Vec::new(),
                title: Message::plain(id),
                failure,
            });
        Report {
            judged: judged.collect(),
            of: 2,
            ..Report::default()
        }
    }

    #[test]
    fn what_was_met_once_keeps_its_first_time_and_is_not_taken_back() {
        let mut journal = Journal::default();
        journal.passed.insert("a".to_owned(), Timestamp(1));
        let failure = Failure::Broken("x".to_owned());
        record(&mut journal, &report([Some(failure), None]));
        assert_eq!(journal.passed["a"], Timestamp(1));
        assert!(journal.passed.contains_key("b") && journal.done.is_none());
        record(&mut journal, &report([None, None]));
        assert!(journal.done.is_some());
    }
}
