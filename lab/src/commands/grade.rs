//! `grade`: marks for a class, and the hidden verbs by which it runs its steps.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use uuid::Uuid;

use crate::cli::teacher::Grade;
use crate::console::Console;
use crate::exercise::catalogue;
use crate::grade::cage::Cage;
use crate::grade::results::{Ending, Graded, Results};
use crate::grade::step;
use crate::grade::submission::{Submission, find};
use crate::grade::{Candidate, Grader, Isolation, roster};
use crate::layout::workspace;
use crate::outcome::{Outcome, Refusal};
use crate::texts::{Text, grade as texts};

pub async fn run(arguments: Grade, console: Console) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let workspace = workspace(&console)?;
    let all = catalogue::read(&workspace)?;
    let asked = super::verify::chosen(&all, &arguments.labs, &console)?;
    let candidates = candidates(&arguments, &console)?;
    // No student can know it beforehand: what a criterion draws depends on it.
    let word = arguments.seed.unwrap_or_else(|| Uuid::new_v4().to_string());
    let opened = {
        let word = word.clone();
        let asked = asked.clone();
        tokio::task::spawn_blocking(move || Grader::open(&all, &asked, word, console))
    };
    let grader = Arc::new(opened.await??);
    console.say(isolation(grader.isolation()), &[]);
    let mut graded = Vec::new();
    for exercise in &asked {
        let told = |one: &Graded| show(one, &console);
        graded.extend(grader.grade(exercise, candidates.clone(), told).await?);
    }
    let results = Results {
        isolation: grader.isolation(),
        seed: word,
        graded,
        seconds: begun.elapsed().as_secs_f64(),
    };
    results.write(&arguments.out, console.lang)?;
    close(&results, &arguments.out, &console)
}

fn close(results: &Results, folder: &Path, console: &Console) -> anyhow::Result<Outcome> {
    if console.json {
        console.answer(results)?;
    }
    let values: [(&str, &dyn std::fmt::Display); 3] = [
        ("count", &results.graded.len()),
        ("seconds", &format!("{:.0}", results.seconds)),
        ("folder", &folder.display()),
    ];
    console.say(&texts::WRITTEN, &values);
    console.say(&texts::SEED, &[("word", &results.seed)]);
    let broken = results.graded.iter();
    let broken = broken.filter(|one| matches!(one.ending, Ending::Broken { .. }));
    match broken.count() {
        0 => Ok(Outcome::Done),
        count => {
            console.say(&texts::BROKEN, &[("count", &count)]);
            Ok(Outcome::CheckFailed)
        }
    }
}

fn show(graded: &Graded, console: &Console) {
    console.note(&format!(
        "  {:>4.1}/20  {}  {}  {}",
        graded.mark,
        graded.lab,
        graded.student,
        graded.comment(console.lang)
    ));
}

fn isolation(isolation: Isolation) -> &'static Text {
    match (isolation.files, isolation.network) {
        (true, true) => &texts::ISOLATION_WHOLE,
        (true, false) => &texts::ISOLATION_FILES,
        (false, true) => &texts::ISOLATION_NETWORK,
        (false, false) => &texts::ISOLATION_NONE,
    }
}

/// Everybody on the list, with what was handed in; and who handed in without being on it.
fn candidates(arguments: &Grade, console: &Console) -> anyhow::Result<Vec<Candidate>> {
    let mut found = find(&arguments.folders)?;
    let mut candidates = Vec::new();
    if let Some(path) = &arguments.roster {
        for student in roster::read(path)? {
            let place = found.iter().position(|one| one.student == student.folder);
            candidates.push(Candidate {
                student: student.name,
                submission: place.map(|place| found.remove(place)),
            });
        }
        for other in &found {
            console.say(&texts::NOT_LISTED, &[("student", &other.student)]);
        }
    }
    let own = |submission: Submission| Candidate {
        student: submission.student.clone(),
        submission: Some(submission),
    };
    candidates.extend(found.into_iter().map(own));
    if candidates.is_empty() {
        return Err(Refusal::Usage(console.text(&texts::NOBODY, &[])).into());
    }
    let mut names: Vec<_> = candidates.iter().map(|one| &one.student).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let values: [(&str, &dyn std::fmt::Display); 1] = [("student", pair[0])];
            Err(Refusal::Usage(console.text(&texts::TWICE, &values)).into())
        }
        None => Ok(candidates),
    }
}

pub async fn step(task: &Path) -> anyhow::Result<Outcome> {
    let task = serde_json::from_slice(&std::fs::read(task)?)?;
    step::run(task).await?;
    Ok(Outcome::Done)
}

pub fn confine(
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
    program: &[OsString],
) -> anyhow::Result<Outcome> {
    let ended = step::confine(&Cage { read, write }, program)?;
    Ok(match ended == ExitCode::SUCCESS {
        true => Outcome::Done,
        false => Outcome::CheckFailed,
    })
}
