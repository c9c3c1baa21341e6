//! The steps of grading that touch a submission's code, each in a process of its own with a limit of time: the build,
//! which is closed into a cage as a whole, and the judge, which starts the submission's programs in cages.
//!
//! The judge holds the criteria, the hidden ones too, in its memory; the cage keeps the programs from looking there.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use escale_exercises::{Criterion, Failure, Judged, Programs, Report, Seed, judge, labs};
use serde::{Deserialize, Serialize};

use super::cage::Cage;
use crate::cargo_build::{Build, BuildError, build};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Task {
    Build {
        tree: PathBuf,
        target: PathBuf,
        programs: Vec<String>,
        cage: Cage,
    },
    Judge {
        /// `04`
        lab: String,
        programs: PathBuf,
        seed: u64,
        cage: Cage,
    },
}

/// What a build ends in.
#[derive(Debug, Serialize, Deserialize)]
pub enum Made {
    Programs(PathBuf),
    /// The compiler's words, errors only.
    Errors(Vec<String>),
}

/// What a judge says, one line each, as soon as it is known: what was said before the limit of time counts.
#[derive(Debug, Serialize, Deserialize)]
pub enum Said {
    Begun {
        of: usize,
    },
    Criterion(Judged),
    /// No use in going on.
    Stopped(Failure),
}

pub async fn run(task: Task) -> io::Result<()> {
    match task {
        Task::Build {
            tree,
            target,
            programs,
            cage,
        } => {
            cage.close()?;
            let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
            let made = build(Build {
                workspace: &tree,
                programs: &programs,
                target: Some(&target),
                release: false,
                progress: false,
                color: false,
            });
            say(&match made {
                Ok(folder) => Made::Programs(folder),
                Err(BuildError::NoCargo(error)) => return Err(error),
                Err(BuildError::Failed { errors, said }) => {
                    let mut words: Vec<_> = errors.into_iter().map(|one| one.rendered).collect();
                    words.extend((!said.trim().is_empty()).then_some(said));
                    Made::Errors(words)
                }
            })
        }
        Task::Judge {
            lab,
            programs,
            seed,
            cage,
        } => {
            let guard = cage.command(std::env::current_exe()?);
            let programs = Programs::in_folder(&programs).behind(guard);
            judge_all(&lab, &programs, Seed(seed)).await
        }
    }
}

/// A learner is told of a panic once, and no more; who marks wants to know of each criterion by itself. So what stops
/// the judge counts as that criterion's failure, and the rest is judged on.
async fn judge_all(lab: &str, programs: &Programs, seed: Seed) -> io::Result<()> {
    let all = criteria(lab)?;
    let order: Vec<(&str, Judged)> = all.iter().map(|one| (one.id, unjudged(one))).collect();
    say(&Said::Begun { of: order.len() })?;
    let mut done = BTreeSet::new();
    while done.len() < order.len() {
        let mut left = criteria(lab)?;
        left.retain(|criterion| !done.contains(criterion.id));
        let ids: Vec<_> = left.iter().map(|criterion| criterion.id).collect();
        let report: Report = judge(left, programs, seed, |judged| {
            // Nobody listens any more: the limit of time ends this process soon.
            let _ = say(&Said::Criterion(judged.clone()));
        })
        .await;
        let judged = report.judged.len();
        done.extend(ids.iter().take(judged));
        let Some(failure) = report.stopped else {
            break;
        };
        // Where nothing starts, nothing will; and a check that cannot work says nothing of the submission.
        if matches!(failure, Failure::NotStarted { .. } | Failure::Broken(_)) {
            return say(&Said::Stopped(failure));
        }
        let Some(id) = ids.get(judged) else { break };
        done.insert(*id);
        if let Some((_, judged)) = order.iter().find(|(known, _)| known == id) {
            let failure = Some(failure);
            let judged = Judged {
                failure,
                ..judged.clone()
            };
            say(&Said::Criterion(judged))?;
        }
    }
    Ok(())
}

fn criteria(number: &str) -> io::Result<Vec<Criterion>> {
    let lab = labs().into_iter().find(|lab| lab.number() == number);
    let lab = lab.ok_or(io::ErrorKind::NotFound)?;
    Ok(lab.all_criteria())
}

fn unjudged(criterion: &Criterion) -> Judged {
    Judged {
        id: criterion.id.to_owned(),
        rules: criterion.rules.iter().map(ToString::to_string).collect(),
        title: criterion.title.into(),
        failure: None,
    }
}

fn say(value: &impl Serialize) -> io::Result<()> {
    let line = serde_json::to_string(value)?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Becomes the program, within the cage; comes back only when that fails.
///
/// # Errors
/// A kernel that refuses the rules, a program that is not there.
pub fn confine(cage: &Cage, program: &[OsString]) -> io::Result<std::process::ExitCode> {
    cage.close()?;
    let (program, arguments) = program.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = std::process::Command::new(program);
    command.args(arguments);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec())
    }
    #[cfg(not(unix))]
    {
        let status = command.status()?;
        Ok(match status.success() {
            true => std::process::ExitCode::SUCCESS,
            false => std::process::ExitCode::FAILURE,
        })
    }
}
