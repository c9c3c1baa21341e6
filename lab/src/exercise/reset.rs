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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::scene::{FILE, REFERENCE, STARTER, Scene};
    use crate::exercise::start::start;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const MINE: &str = "fn limit() { mine(); }\n";

    fn begun(scene: &Scene, no_branch: bool) {
        start(&mut scene.desk(), &scene.lab("04"), no_branch).expect("begun");
    }

    fn back(scene: &Scene) -> anyhow::Result<Kept> {
        reset(&scene.desk(), &scene.lab("04"), NOW)
    }

    #[test]
    fn work_that_is_not_committed_is_on_the_backup_branch_after_a_reset() {
        let scene = Scene::with_git();
        begun(&scene, false);
        scene.write(FILE, MINE);
        scene.write("README.md", "# Mine too\n");
        let Kept::OnBranch(backup) = back(&scene).expect("reset") else {
            panic!("not kept");
        };
        assert!(backup.starts_with("backup/04-rate-limiting-20"), "{backup}");
        assert_eq!(scene.read(FILE), STARTER);
        assert_eq!(scene.git(&["status", "--porcelain"]), "");
        assert_eq!(
            scene.git(&["show", &format!("{backup}:{FILE}")]),
            MINE.trim()
        );
        let other = scene.git(&["show", &format!("{backup}:README.md")]);
        assert_eq!(other, "# Mine too");
    }

    #[test]
    fn a_lab_is_reset_from_another_branch_without_leaving_it() {
        let scene = Scene::with_git();
        begun(&scene, false);
        scene.write(FILE, MINE);
        scene.commit("Mine");
        scene.git(&["switch", "--quiet", "main"]);
        let Kept::OnBranch(backup) = back(&scene).expect("reset") else {
            panic!("not kept");
        };
        assert_eq!(scene.git(&["branch", "--show-current"]), "main");
        assert_eq!(scene.read(FILE), REFERENCE);
        assert_eq!(
            scene.git(&["show", &format!("{backup}:{FILE}")]),
            MINE.trim()
        );
        let starter = scene.git(&["show", &format!("exercise/04-rate-limiting:{FILE}")]);
        assert_eq!(starter, STARTER.trim());
    }

    #[test]
    fn nothing_is_kept_of_an_untouched_starter() {
        for (scene, no_branch) in [(Scene::with_git(), false), (Scene::without_git(), true)] {
            begun(&scene, no_branch);
            assert_eq!(back(&scene).expect("reset"), Kept::Nothing);
        }
    }

    #[test]
    fn in_place_the_work_is_in_a_folder_after_a_reset() {
        let scene = Scene::without_git();
        begun(&scene, true);
        scene.write(FILE, MINE);
        let Kept::InFolder(folder) = back(&scene).expect("reset") else {
            panic!("not kept");
        };
        assert_eq!(scene.read(FILE), STARTER);
        let kept = std::path::Path::new(&folder).join(FILE);
        assert_eq!(std::fs::read_to_string(kept).expect("kept"), MINE);
    }

    #[test]
    fn a_lab_that_was_not_begun_has_no_start_to_go_back_to() {
        let scene = Scene::with_git();
        let refused = back(&scene).expect_err("refused").to_string();
        assert!(refused.contains("cargo lab start 04"), "{refused}");
        assert_eq!(scene.read(FILE), REFERENCE);
    }
}
