//! The exercise branches of all labs, for teachers who push them.

use serde::Serialize;

use super::catalogue::Exercise;
use super::desk::Desk;
use super::git::{Git, GitFault};
use super::start::{base, starter_commit};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    New,
    /// It holds the same files already.
    Same,
    /// It held something else, and was overwritten because that was asked for.
    Overwritten,
    /// It holds something else, and was left as it is.
    Differs,
}

pub fn make(desk: &Desk, force: bool) -> anyhow::Result<Vec<(Exercise, Made)>> {
    let git = desk.git()?;
    let make = || -> Result<_, GitFault> {
        let base = base(desk, &git)?;
        let exercises = desk.exercises.iter();
        exercises
            .map(|exercise| Ok((exercise.clone(), one(exercise, &git, &base, force)?)))
            .collect()
    };
    make().map_err(|fault| desk.git_refusal(&fault).into())
}

fn one(exercise: &Exercise, git: &Git, base: &str, force: bool) -> Result<Made, GitFault> {
    let branch = exercise.branch();
    let starter = starter_commit(exercise, git, base)?;
    if !git.has_branch(&branch) {
        git.set_branch(&branch, &starter)?;
        return Ok(Made::New);
    }
    if git.same_tree(&branch, &starter)? {
        return Ok(Made::Same);
    }
    // A branch that is checked out is somebody's work: git would move it away under the files.
    if !force || git.branch().as_ref() == Some(&branch) {
        return Ok(Made::Differs);
    }
    git.set_branch(&branch, &starter)?;
    Ok(Made::Overwritten)
}
