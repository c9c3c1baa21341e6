//! `attack`: a real attack on the learner's own build. It succeeds before the defence is written, and must not after.

use std::sync::{Arc, Mutex, PoisonError};

use escale_exercises::{Ground, Loot, Message, Raid, Told};
use serde::Serialize;
use serde_json::json;

use super::build::built;
use super::whereabouts::tell;
use crate::cli::exercises::Chosen;
use crate::console::Console;
use crate::exercise::advice::at;
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::{Desk, now};
use crate::exercise::telling::why;
use crate::outcome::Outcome;
use crate::student::Student;
use crate::texts::{Text, exercise_check as texts};

#[derive(Serialize)]
struct Answer {
    lab: &'static str,
    succeeded: bool,
    steps: Vec<Message>,
    loot: Message,
}

/// What the attack said on its way; a program reads it at the end.
type Steps = Arc<Mutex<Vec<Message>>>;

pub async fn run(chosen: &Chosen, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(chosen.exercise.as_deref())?;
    let Some(attack) = exercise.lab.attack else {
        return Err(desk.refusal(&texts::NO_ATTACK, &[]).into());
    };
    let programs = match built(&desk, &exercise).await? {
        Ok(programs) => programs,
        Err(errors) if console.json => {
            console.answer(&json!({"lab": exercise.number(), "errors": errors}))?;
            return Ok(Outcome::CheckFailed);
        }
        Err(_) => return Ok(Outcome::CheckFailed),
    };
    let (lab, title) = (exercise.number(), exercise.title(console.lang));
    console.say(&texts::ATTACKING, &[("lab", &lab), ("title", &title)]);
    let steps = Steps::default();
    let raid = attack(Ground::new(
        programs,
        Student::seed_in(&desk.workspace),
        listener(&steps, *console),
    ))
    .await;
    let (succeeded, loot) = ended(raid, &desk)?;
    let was_done = desk.journal(&exercise).done.is_some();
    if desk.is_at(&exercise) {
        desk.note(&exercise, |journal| match succeeded {
            true => drop(journal.attacked.get_or_insert(now())),
            false => drop(journal.repelled.get_or_insert(now())),
        })?;
    }
    if console.json {
        let steps = steps.lock().unwrap_or_else(PoisonError::into_inner).clone();
        console.answer(&Answer {
            lab,
            succeeded,
            steps,
            loot,
        })?;
    } else {
        conclude(&desk, &exercise, succeeded, was_done, &loot);
    }
    // An attack is a program that ends well when it succeeds.
    Ok(match succeeded {
        true => Outcome::Done,
        false => Outcome::CheckFailed,
    })
}

fn listener(steps: &Steps, console: Console) -> Told {
    let steps = Arc::clone(steps);
    Arc::new(move |step: Message| {
        console.note(&format!("  {}", step.get(console.lang)));
        steps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(step);
    })
}

/// Whether it succeeded, and with what.
fn ended(raid: Raid, desk: &Desk) -> anyhow::Result<(bool, Message)> {
    match raid {
        Ok(Loot::Taken(loot)) => Ok((true, loot)),
        Ok(Loot::Nothing(loot)) => Ok((false, loot)),
        Err(failure) => {
            let why = why(&failure, &desk.console);
            Err(desk
                .refusal(&texts::ATTACK_NOT_TRIED, &[("why", &why)])
                .into())
        }
    }
}

fn conclude(desk: &Desk, exercise: &Exercise, succeeded: bool, was_done: bool, loot: &Message) {
    let console = &desk.console;
    let (verdict, meaning): (Text, Text) = match (succeeded, was_done) {
        (true, false) => (texts::ATTACK_SUCCEEDED, texts::SUCCEEDED_FIRST),
        (true, true) => (texts::ATTACK_SUCCEEDED, texts::SUCCEEDED_STILL),
        (false, true) => (texts::ATTACK_REPELLED, texts::REPELLED_GOOD),
        (false, false) => (texts::ATTACK_REPELLED, texts::REPELLED_EARLY),
    };
    let verdict = verdict.get(console.lang);
    console.note(&format!("\n  {verdict}\n  {}\n", loot.get(console.lang)));
    console.say(&meaning, &[("lab", &exercise.number())]);
    if desk.is_at(exercise) && succeeded != was_done {
        tell(&at(exercise, &desk.journal(exercise)), console);
    }
}
