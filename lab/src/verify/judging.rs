//! Judges what was built, one after another, and says what is proven by it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use escale_exercises::{Ground, Loot, Message, Programs, Report, Seed, judge};
use tokio::sync::mpsc;

use super::Teller;
use super::proof::{Claim, Point};
use super::variant::Variant;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::exercise::telling::why;
use crate::texts::verify as texts;

/// A criterion that the starter meets and the reference too says that valid traffic passes.
const FEWEST_FUNCTIONAL: usize = 2;

pub enum Job {
    Reference(Exercise, Programs),
    Variant(Exercise, Variant, Programs),
    Together(Exercise, Programs),
}

/// What the attack is to come home with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Something,
    Nothing,
}

pub fn point_of(variant: &Variant) -> Point {
    match variant {
        Variant::Starter => Point::Starter,
        Variant::Decoy(_) => Point::Decoys,
    }
}

pub async fn work(mut jobs: mpsc::Receiver<Job>, console: Console, told: Teller) {
    while let Some(job) = jobs.recv().await {
        match job {
            Job::Reference(exercise, built) => reference(exercise, built, console, &told).await,
            Job::Variant(exercise, variant, built) => {
                one_variant(exercise, variant, built, console, &told).await;
            }
            Job::Together(exercise, built) => {
                let claim = Claim::new(exercise.name(), Point::Together, "");
                raid(claim, &exercise, built, Wanted::Something, console, &told).await;
            }
        }
    }
}

async fn reference(exercise: Exercise, built: Programs, console: Console, told: &Teller) {
    let begun = Instant::now();
    let report = judged(&exercise, &built).await;
    let functional = report.of.saturating_sub(exercise.card.starter_fails.len());
    let fault = if !report.is_whole() {
        Some(reasons(&report, console))
    } else if functional < FEWEST_FUNCTIONAL {
        Some(console.text(&texts::FEW_FUNCTIONAL, &[("count", &functional)]))
    } else {
        None
    };
    let claim = Claim::new(exercise.name(), Point::Reference, "");
    claim.ends(fault, begun, told);
    let claim = Claim::new(
        exercise.name(),
        Point::Attack,
        texts::ON_REFERENCE.get(console.lang),
    );
    raid(claim, &exercise, built, Wanted::Nothing, console, told).await;
}

async fn one_variant(
    exercise: Exercise,
    variant: Variant,
    built: Programs,
    console: Console,
    told: &Teller,
) {
    let begun = Instant::now();
    let report = judged(&exercise, &built).await;
    let fault = match &variant {
        Variant::Starter => starter_fault(&report, &exercise, console),
        Variant::Decoy(decoy) => {
            let caught = report.failed().contains(&decoy.fails.as_str());
            let values: [(&str, &dyn std::fmt::Display); 2] = [
                ("id", &decoy.fails),
                ("reasons", &reasons(&report, console)),
            ];
            (!caught).then(|| console.text(&texts::NOT_CAUGHT, &values))
        }
    };
    let claim = Claim::new(exercise.name(), point_of(&variant), variant.name());
    claim.ends(fault, begun, told);
    if variant == Variant::Starter {
        let of = texts::ON_STARTER.get(console.lang);
        let claim = Claim::new(exercise.name(), Point::Attack, of);
        raid(claim, &exercise, built, Wanted::Something, console, told).await;
    }
}

fn starter_fault(report: &Report, exercise: &Exercise, console: Console) -> Option<String> {
    if report.stopped.is_some() {
        return Some(reasons(report, console));
    }
    let mut failed = report.failed();
    let mut wanted: Vec<_> = exercise
        .card
        .starter_fails
        .iter()
        .map(String::as_str)
        .collect();
    failed.sort_unstable();
    wanted.sort_unstable();
    let values: [(&str, &dyn std::fmt::Display); 2] = [
        ("wanted", &wanted.join(", ")),
        ("failed", &failed.join(", ")),
    ];
    (failed != wanted).then(|| console.text(&texts::OTHER_CRITERIA, &values))
}

async fn judged(exercise: &Exercise, built: &Programs) -> Report {
    let criteria = exercise.lab.all_criteria();
    judge(criteria, built, Seed::random(), |_| {}).await
}

async fn raid(
    claim: Claim,
    exercise: &Exercise,
    built: Programs,
    wanted: Wanted,
    console: Console,
    told: &Teller,
) {
    let begun = Instant::now();
    let Some(attack) = exercise.lab.attack else {
        let fault = texts::NO_ATTACK.get(console.lang).to_owned();
        return claim.ends(Some(fault), begun, told);
    };
    let steps = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&steps);
    let hear = move |message: Message| {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(message.get(console.lang).to_owned());
    };
    let ground = Ground::new(built, Seed::random(), Arc::new(hear));
    let fault = match (attack(ground).await, wanted) {
        (Ok(Loot::Taken(_)), Wanted::Something) | (Ok(Loot::Nothing(_)), Wanted::Nothing) => None,
        (Ok(Loot::Taken(message) | Loot::Nothing(message)), _) => {
            let steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
            Some(format!(
                "{} ({})",
                message.get(console.lang),
                steps.join("; ")
            ))
        }
        (Err(failure), _) => Some(why(&failure, &console)),
    };
    claim.ends(fault, begun, told);
}

/// Why the criteria that are not met are not.
fn reasons(report: &Report, console: Console) -> String {
    let failed = report.judged.iter().filter_map(|one| {
        let failure = one.failure.as_ref()?;
        Some(format!("{}: {}", one.id, why(failure, &console)))
    });
    let stopped = report.stopped.iter().map(|failure| why(failure, &console));
    let all: Vec<_> = failed.chain(stopped).collect();
    match all.is_empty() {
        true => console.text(&texts::ALL_MET, &[]),
        false => all.join("; "),
    }
}
