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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::scene::{FILE, STARTER, Scene};

    const BRANCH: &str = "exercise/04-rate-limiting";

    fn made(scene: &Scene, force: bool) -> Vec<Made> {
        let made = make(&scene.desk(), force).expect("made");
        made.into_iter().map(|(_, made)| made).collect()
    }

    #[test]
    fn all_branches_are_made_and_the_tree_is_left_alone() {
        let scene = Scene::with_git();
        assert_eq!(made(&scene, false), [Made::New, Made::New]);
        assert_eq!(scene.git(&["branch", "--show-current"]), "main");
        assert_eq!(scene.git(&["status", "--porcelain"]), "");
        let starter = scene.git(&["show", &format!("{BRANCH}:{FILE}")]);
        assert_eq!(starter, STARTER.trim());
        assert_eq!(made(&scene, false), [Made::Same, Made::Same]);
    }

    #[test]
    fn a_branch_that_differs_is_overwritten_only_when_that_is_asked_for() {
        let scene = Scene::with_git();
        made(&scene, false);
        scene.git(&["switch", "--quiet", BRANCH]);
        scene.write(FILE, "fn limit() { mine(); }\n");
        scene.commit("Mine");
        let mine = scene.git(&["rev-parse", BRANCH]);
        assert_eq!(
            made(&scene, true),
            [Made::Differs, Made::Same],
            "checked out"
        );
        scene.git(&["switch", "--quiet", "main"]);
        assert_eq!(made(&scene, false), [Made::Differs, Made::Same]);
        assert_eq!(scene.git(&["rev-parse", BRANCH]), mine);
        assert_eq!(made(&scene, true), [Made::Overwritten, Made::Same]);
        assert_ne!(scene.git(&["rev-parse", BRANCH]), mine);
    }
}
