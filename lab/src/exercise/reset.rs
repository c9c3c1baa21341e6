//! Back to the starter. The learner's work is kept: on a backup branch, or in a backup folder.

use service_kit::clock::Timestamp;

use super::catalogue::Exercise;
use super::desk::Desk;
use super::git::{Git, GitFault};
use super::place;
use super::progress::Begun;
use crate::texts::exercise as texts;

/// What became of the learner's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    OnBranch(String),
    InFolder(String),
    /// There was none: the files were the starter's.
    Nothing,
}

pub fn reset(desk: &Desk, exercise: &Exercise, now: Timestamp) -> anyhow::Result<Kept> {
    let name = format!("backup/{}-{}", exercise.name(), stamp(now));
    match desk.journal(exercise).begun {
        Some(Begun::Branch { starter, .. }) => {
            let git = desk.git()?;
            let kept = on_branch(exercise, &git, &starter, name);
            kept.map_err(|fault| desk.git_refusal(&fault).into())
        }
        Some(Begun::InPlace) => in_place(desk, exercise, name),
        None => {
            let refusal = desk.refusal(&texts::NOT_BEGUN, &[("lab", &exercise.number())]);
            Err(refusal.into())
        }
    }
}

fn on_branch(
    exercise: &Exercise,
    git: &Git,
    starter: &str,
    backup: String,
) -> Result<Kept, GitFault> {
    let branch = exercise.branch();
    let is_here = git.branch().as_ref() == Some(&branch);
    let work = match is_here {
        true => git.snapshot(&format!("Work on {} before a reset", exercise.name()))?,
        false => git.commit_of(&branch)?,
    };
    if git.same_tree(&work, starter)? {
        return Ok(Kept::Nothing);
    }
    // The work is safe before anything is taken away.
    git.set_branch(&backup, &work)?;
    match is_here {
        true => git.reset_to(starter)?,
        false => git.set_branch(&branch, starter)?,
    }
    Ok(Kept::OnBranch(backup))
}

fn in_place(desk: &Desk, exercise: &Exercise, name: String) -> anyhow::Result<Kept> {
    let mut fresh = place::starter(exercise)?;
    if fresh.is_empty() {
        fresh = place::originals(desk, exercise)?;
    }
    let work = place::under(exercise, &desk.workspace)?;
    if work == fresh {
        return Ok(Kept::Nothing);
    }
    let folder = desk.kept_work(&name);
    place::put(&work, &folder)?;
    place::put(&fresh, &desk.workspace)?;
    Ok(Kept::InFolder(folder.display().to_string()))
}

/// `2026-11-21T10-49-24.991`: no sign that git or Windows refuses in a name, and no two the same.
fn stamp(now: Timestamp) -> String {
    now.to_string()
        .replace(':', "-")
        .trim_end_matches('Z')
        .to_owned()
}
