//! Begins a lab: on a branch of its own, or with its files swapped in place.

use std::fmt::Display;

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
    let (kept, work) = (
        desk.originals(exercise),
        place::under(exercise, &desk.workspace)?,
    );
    let known = place::under(exercise, &kept)?;
    // Originals that nobody remembers are those of a lost progress: the files may be the learner's own work by now.
    let started = match known.is_empty() || known == work {
        true => Started::Now,
        false => Started::Again,
    };
    if known.is_empty() {
        place::put(&work, &kept)?;
    }
    if started == Started::Now {
        place::put(&place::starter(exercise)?, &desk.workspace)?;
    }
    desk.note(exercise, |journal| journal.begun = Some(Begun::InPlace))?;
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
    let known = git.has_branch(&branch);
    let begun = match begun {
        Some(begun) if known => Ok(begun),
        _ if known => adopt(exercise, &git),
        _ => make_branch(desk, exercise, &git),
    };
    let begun = begun.map_err(|fault| desk.git_refusal(&fault))?;
    git.switch(&branch)
        .map_err(|fault| desk.git_refusal(&fault))?;
    desk.note(exercise, |journal| journal.begun = Some(begun))?;
    Ok(if known { Started::Again } else { Started::Now })
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
            Begun::Branch { base, .. } => Ok(base),
            Begun::InPlace => git.commit_of("HEAD"),
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

/// A branch that was not begun here: its starter is found by its message.
fn adopt(exercise: &Exercise, git: &Git) -> Result<Begun, GitFault> {
    let branch = exercise.branch();
    Ok(match git.starter_on(&branch, exercise.number())? {
        Some(starter) => Begun::Branch {
            base: git.commit_of(&format!("{starter}^"))?,
            starter,
        },
        None => {
            let tip = git.commit_of(&branch)?;
            Begun::Branch {
                base: tip.clone(),
                starter: tip,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::scene::{FILE, REFERENCE, STARTER, Scene};

    fn begin(scene: &Scene, asked: &str, no_branch: bool) -> anyhow::Result<Started> {
        start(&mut scene.desk(), &scene.lab(asked), no_branch)
    }

    #[test]
    fn a_lab_is_begun_on_its_branch_with_the_starter_committed() {
        let scene = Scene::with_git();
        assert_eq!(begin(&scene, "04", false).expect("begun"), Started::Now);
        assert_eq!(
            scene.git(&["branch", "--show-current"]),
            "exercise/04-rate-limiting"
        );
        assert_eq!(scene.read(FILE), STARTER);
        assert_eq!(scene.git(&["status", "--porcelain"]), "");
        assert_eq!(scene.git(&["diff", "--name-only", "main"]), FILE);
        assert_eq!(
            scene.git(&["show", &format!("main:{FILE}")]),
            REFERENCE.trim()
        );
        assert_eq!(scene.desk().here().map(Exercise::number), Some("04"));
    }

    #[test]
    fn uncommitted_changes_are_refused_with_the_way_out_and_nothing_is_changed() {
        let scene = Scene::with_git();
        scene.write("README.md", "# My notes\n");
        let refused = begin(&scene, "04", false).expect_err("refused").to_string();
        for words in ["README.md", "git commit", "git restore", "--no-branch"] {
            assert!(refused.contains(words), "{refused}");
        }
        assert_eq!(scene.git(&["branch", "--list", "exercise/*"]), "");
        assert_eq!(scene.read("README.md"), "# My notes\n");
        assert!(scene.desk().journal(&scene.lab("04")).begun.is_none());
    }

    #[test]
    fn files_that_git_does_not_know_are_in_nobodys_way() {
        let scene = Scene::with_git();
        scene.write("notes.txt", "mine");
        assert_eq!(begin(&scene, "04", false).expect("begun"), Started::Now);
        assert_eq!(scene.read("notes.txt"), "mine");
    }

    #[test]
    fn a_second_start_goes_back_to_the_work_and_loses_nothing() {
        let scene = Scene::with_git();
        begin(&scene, "04", false).expect("begun");
        scene.write(FILE, "fn limit() { mine(); }\n");
        assert_eq!(begin(&scene, "04", false).expect("still"), Started::Again);
        assert_eq!(scene.read(FILE), "fn limit() { mine(); }\n");
        scene.commit("Mine");
        scene.git(&["switch", "--quiet", "main"]);
        assert_eq!(begin(&scene, "04", false).expect("back"), Started::Again);
        assert_eq!(scene.read(FILE), "fn limit() { mine(); }\n");
    }

    #[test]
    fn another_lab_begins_from_the_same_commit_and_not_from_unfinished_work() {
        let scene = Scene::with_git();
        begin(&scene, "04", false).expect("begun");
        begin(&scene, "06", false).expect("begun");
        assert_eq!(scene.read(FILE), REFERENCE);
        assert_eq!(scene.read("gateway/audit.rs"), "// TODO(lab 06)\n");
    }

    #[test]
    fn a_branch_that_came_from_elsewhere_is_understood() {
        let scene = Scene::with_git();
        begin(&scene, "04", false).expect("begun");
        let begun = scene.desk().journal(&scene.lab("04")).begun;
        scene.write(FILE, "fn limit() { mine(); }\n");
        scene.commit("Mine");
        scene.git(&["switch", "--quiet", "main"]);
        let mut desk = scene.desk();
        desk.note(&scene.lab("04"), |journal| journal.begun = None)
            .expect("forgotten");
        assert_eq!(begin(&scene, "04", false).expect("back"), Started::Again);
        assert_eq!(scene.desk().journal(&scene.lab("04")).begun, begun);
    }

    #[test]
    fn who_has_told_git_no_name_can_begin_all_the_same() {
        let scene = Scene::with_git();
        // This machine may know a name for all repositories: an empty one hides it.
        scene.git(&["config", "user.name", ""]);
        begin(&scene, "04", false).expect("begun");
        assert_eq!(scene.git(&["log", "-1", "--format=%an"]), "Escale");
    }

    #[test]
    fn without_a_repository_the_way_without_git_is_offered() {
        let scene = Scene::without_git();
        let refused = begin(&scene, "04", false).expect_err("refused").to_string();
        assert!(refused.contains("--no-branch"), "{refused}");
        assert_eq!(scene.read(FILE), REFERENCE);
    }

    #[test]
    fn in_place_the_originals_are_kept_and_a_second_start_overwrites_nothing() {
        let scene = Scene::without_git();
        assert_eq!(begin(&scene, "04", true).expect("begun"), Started::Now);
        assert_eq!(scene.read(FILE), STARTER);
        scene.write(FILE, "fn limit() { mine(); }\n");
        assert_eq!(begin(&scene, "04", true).expect("still"), Started::Again);
        assert_eq!(scene.read(FILE), "fn limit() { mine(); }\n");
        let kept = scene.desk().originals(&scene.lab("04")).join(FILE);
        assert_eq!(std::fs::read_to_string(kept).expect("kept"), REFERENCE);
        assert_eq!(scene.desk().here().map(Exercise::number), Some("04"));
    }

    #[test]
    fn work_in_place_survives_a_lost_progress() {
        let scene = Scene::without_git();
        begin(&scene, "04", true).expect("begun");
        scene.write(FILE, "fn limit() { mine(); }\n");
        let mut desk = scene.desk();
        desk.note(&scene.lab("04"), |journal| journal.begun = None)
            .expect("forgotten");
        assert_eq!(begin(&scene, "04", true).expect("back"), Started::Again);
        assert_eq!(scene.read(FILE), "fn limit() { mine(); }\n");
    }

    #[test]
    fn work_on_a_branch_is_not_overwritten_by_a_start_in_place() {
        let scene = Scene::with_git();
        begin(&scene, "04", false).expect("begun");
        let refused = begin(&scene, "04", true).expect_err("refused").to_string();
        assert!(refused.contains("exercise/04-rate-limiting"), "{refused}");
    }

    #[test]
    fn an_unknown_lab_is_refused_with_the_names_of_those_there_are() {
        let refused = Scene::without_git().desk().exercise(Some("99"));
        let Err(Refusal::Usage(text)) = refused.map(|_| ()) else {
            panic!("it was found");
        };
        assert!(text.contains("04-rate-limiting, 06-audit"), "{text}");
    }

    #[test]
    fn a_students_repository_has_its_files_in_place_and_no_reference() {
        let scene = Scene::with_git();
        scene.write(FILE, STARTER);
        scene.remove("exercises/04-rate-limiting/starter");
        scene.commit("Handed out");
        begin(&scene, "04", false).expect("begun");
        scene.write(FILE, "fn limit() { mine(); }\n");
        let reference = place::reference(&scene.desk(), &scene.lab("04"));
        assert_eq!(reference.expect("looked for"), None);
    }
}
