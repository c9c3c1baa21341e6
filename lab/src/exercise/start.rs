//! Begins a lab: on a branch of its own, or with its files swapped in place.

use std::fmt::Display;
use std::fs;

use super::catalogue::Exercise;
use super::desk::Desk;
use super::git::{Change, Git, GitFault, trailer};
use super::place;
use super::progress::Begun;
use crate::outcome::Refusal;
use crate::texts::exercise as texts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    Now,
    /// It had been begun: the learner is back at it, and finds everything as it was.
    Again,
}

/// Begins the lab, or goes back to it.
///
/// # Errors
/// Uncommitted changes where a branch would be left; git that is missing or refuses.
pub fn start(desk: &mut Desk, exercise: &Exercise, no_branch: bool) -> anyhow::Result<Started> {
    let begun = desk.journal(exercise).begun;
    let started = match (begun, no_branch) {
        // Whoever began in place goes on in place: the files lie there.
        (Some(Begun::InPlace), _) => Started::Again,
        (Some(Begun::Branch { .. }), true) => {
            let values: [(&str, &dyn Display); 2] =
                [("branch", &exercise.branch()), ("lab", &exercise.number())];
            return Err(desk.refusal(&texts::BEGUN_ON_BRANCH, &values).into());
        }
        (None, true) => in_place(desk, exercise)?,
        (begun, false) => on_branch(desk, exercise, begun)?,
    };
    desk.progress.current = Some(exercise.number().to_owned());
    desk.note(exercise, |_| {})?;
    Ok(started)
}

fn in_place(desk: &mut Desk, exercise: &Exercise) -> anyhow::Result<Started> {
    let (kept, left) = (desk.originals(exercise), desk.left_work(exercise));
    let (known, waiting) = (
        place::under(exercise, &kept)?,
        place::under(exercise, &left)?,
    );
    let work = place::under(exercise, &desk.workspace)?;
    if known.is_empty() {
        place::put(&work, &kept)?;
    }
    // Originals that nobody remembers are those of a lost progress: the files may be the learner's own work by now.
    let has_begun = !known.is_empty() && known != work;
    let started = match (has_begun, waiting.is_empty()) {
        (true, _) => Started::Again,
        (false, true) => {
            place::put(&place::starter(exercise)?, &desk.workspace)?;
            Started::Now
        }
        (false, false) => {
            place::put(&waiting, &desk.workspace)?;
            Started::Again
        }
    };
    desk.note(exercise, |journal| journal.begun = Some(Begun::InPlace))?;
    if !has_begun && !waiting.is_empty() {
        fs::remove_dir_all(left)?;
    }
    Ok(started)
}

fn on_branch(
    desk: &mut Desk,
    exercise: &Exercise,
    begun: Option<Begun>,
) -> anyhow::Result<Started> {
    let git = desk.git()?;
    let branch = exercise.branch();
    if begun.is_some() && git.branch().as_ref() == Some(&branch) {
        return Ok(Started::Again);
    }
    refuse_uncommitted(desk, exercise, &git)?;
    let found =
        on_its_branch(desk, exercise, &git, begun).map_err(|fault| desk.git_refusal(&fault));
    let (begun, started) = found?;
    desk.note(exercise, |journal| journal.begun = Some(begun))?;
    Ok(started)
}

/// Goes to the branch, which is made where there is none.
fn on_its_branch(
    desk: &Desk,
    exercise: &Exercise,
    git: &Git,
    begun: Option<Begun>,
) -> Result<(Begun, Started), GitFault> {
    let branch = exercise.branch();
    let found = if !git.has_branch(&branch) {
        (make_branch(desk, exercise, git)?, Started::Now)
    } else if let Some(begun) = begun {
        (begun, Started::Again)
    } else {
        adopt(exercise, git)?
    };
    git.switch(&branch)?;
    Ok(found)
}

fn refuse_uncommitted(desk: &Desk, exercise: &Exercise, git: &Git) -> Result<(), Refusal> {
    let changed = git.uncommitted();
    let changed = changed.map_err(|fault| desk.git_refusal(&fault))?;
    if changed.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = changed.iter().map(|line| format!("  {line}")).collect();
    let values: [(&str, &dyn Display); 2] =
        [("files", &files.join("\n")), ("lab", &exercise.number())];
    Err(desk.refusal(&texts::UNCOMMITTED, &values))
}

fn make_branch(desk: &Desk, exercise: &Exercise, git: &Git) -> Result<Begun, GitFault> {
    let base = base(desk, git)?;
    let starter = starter_commit(exercise, git, &base)?;
    git.set_branch(&exercise.branch(), &starter)?;
    Ok(Begun::Branch { base, starter })
}

/// From where labs are begun: what is checked out. But a learner who is at another lab leaves that one's unfinished
/// files behind.
pub fn base(desk: &Desk, git: &Git) -> Result<String, GitFault> {
    let other = git.branch().and_then(|branch| desk.of_branch(&branch));
    match other.map(|other| (desk.journal(other).begun, other)) {
        Some((Some(Begun::Branch { base, .. }), _)) => Ok(base),
        Some((_, other)) => match adopt(other, git)? {
            (Begun::Branch { base, .. }, _) => Ok(base),
            (Begun::InPlace, _) => git.commit_of("HEAD"),
        },
        None => git.commit_of("HEAD"),
    }
}

/// The commit with the starter's files. Where there are none, as in a students' repository, they are in place already.
pub fn starter_commit(exercise: &Exercise, git: &Git, base: &str) -> Result<String, GitFault> {
    let files = place::starter(exercise).map_err(|error| GitFault::Failed {
        command: "hash-object".to_owned(),
        said: error.to_string(),
    })?;
    if files.is_empty() {
        return Ok(base.to_owned());
    }
    let (title, trailer) = (&exercise.card.title.en, trailer(exercise.number()));
    let message = format!("Start lab {}: {title}\n\n{trailer}", exercise.number());
    git.commit(&Change {
        base,
        files: &files,
        message: &message,
    })
}

/// A branch that was not begun here: its starter is found by its message. As long as nothing follows upon it, the lab
/// begins now.
fn adopt(exercise: &Exercise, git: &Git) -> Result<(Begun, Started), GitFault> {
    let branch = exercise.branch();
    let tip = git.commit_of(&branch)?;
    let Some(starter) = git.starter_on(&branch, exercise.number())? else {
        let base = tip.clone();
        return Ok((Begun::Branch { base, starter: tip }, Started::Again));
    };
    let started = match tip == starter {
        true => Started::Now,
        false => Started::Again,
    };
    let base = git.commit_of(&format!("{starter}^"))?;
    Ok((Begun::Branch { base, starter }, started))
}

#[cfg(test)]
mod tests;
