//! Out of a lab that was begun in place: the tree is whole again, and the learner's work waits until he comes back.
//!
//! A lab with a branch of its own is left by leaving the branch. In place, its files would stand in the next lab's way,
//! and in the way of who only wants the platform as it is.

use std::fmt::Display;
use std::fs;

use super::catalogue::Exercise;
use super::desk::Desk;
use super::place;
use super::progress::Begun;
use crate::outcome::Refusal;
use crate::texts::exercise as texts;

/// What became of the learner's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// The folder where it lies until the lab is begun again.
    In(String),
    /// There was none: the files were the starter's, or the reference's.
    Nothing,
}

/// # Errors
/// The lab is not begun, lies on a branch, or is of a students' copy, which knows no other files than the learner's.
pub fn leave(desk: &mut Desk, exercise: &Exercise) -> anyhow::Result<Left> {
    refuse_elsewhere(desk, exercise)?;
    let starter = place::starter(exercise)?;
    if starter.is_empty() {
        return Err(desk.refusal(&texts::LEAVE_HANDOUT, &[]).into());
    }
    let originals = place::originals(desk, exercise)?;
    let work = place::under(exercise, &desk.workspace)?;
    let left = if work == starter || work == originals {
        Left::Nothing
    } else {
        let folder = desk.left_work(exercise);
        // It is safe before anything is taken away.
        place::put(&work, &folder)?;
        Left::In(folder.display().to_string())
    };
    place::put(&originals, &desk.workspace)?;
    desk.note(exercise, |journal| journal.begun = None)?;
    // The tree may change before the next start, and its files with it.
    fs::remove_dir_all(desk.originals(exercise))?;
    Ok(left)
}

fn refuse_elsewhere(desk: &Desk, exercise: &Exercise) -> Result<(), Refusal> {
    let text = match desk.journal(exercise).begun {
        Some(Begun::InPlace) => return Ok(()),
        Some(Begun::Branch { .. }) => texts::LEAVE_BRANCH,
        None => texts::NOT_BEGUN,
    };
    let values: [(&str, &dyn Display); 2] =
        [("branch", &exercise.branch()), ("lab", &exercise.number())];
    Err(desk.refusal(&text, &values))
}

#[cfg(test)]
mod tests {
    use service_kit::clock::Timestamp;

    use super::*;
    use crate::exercise::reset::{Kept, reset};
    use crate::exercise::scene::{FILE, REFERENCE, STARTER, Scene};
    use crate::exercise::start::{Started, start};

    const MINE: &str = "fn limit() { mine(); }\n";

    fn begin(scene: &Scene, no_branch: bool) -> Started {
        start(&mut scene.desk(), &scene.lab("04"), no_branch).expect("begun")
    }

    fn out(scene: &Scene) -> anyhow::Result<Left> {
        leave(&mut scene.desk(), &scene.lab("04"))
    }

    /// Begun in place, with work, and left.
    fn left() -> Scene {
        let scene = Scene::without_git();
        begin(&scene, true);
        scene.write(FILE, MINE);
        let Left::In(folder) = out(&scene).expect("left") else {
            panic!("not kept");
        };
        let kept = fs::read_to_string(std::path::Path::new(&folder).join(FILE));
        assert_eq!(kept.expect("kept"), MINE);
        scene
    }

    #[test]
    fn the_tree_is_whole_again_and_the_learner_is_at_no_lab() {
        let scene = left();
        assert_eq!(scene.read(FILE), REFERENCE);
        assert!(scene.desk().here().is_none());
        let refused = out(&scene).expect_err("twice").to_string();
        assert!(refused.contains("cargo lab start 04"), "{refused}");
    }

    #[test]
    fn who_begins_again_finds_the_work_as_it_was_and_can_reset_it() {
        let scene = left();
        assert_eq!(begin(&scene, true), Started::Again);
        assert_eq!(scene.read(FILE), MINE);
        let reset = reset(&scene.desk(), &scene.lab("04"), Timestamp(0));
        assert!(matches!(reset, Ok(Kept::InFolder(_))));
        assert_eq!(scene.read(FILE), STARTER);
        // What waited has been taken: it does not come back a second time.
        assert_eq!(out(&scene).expect("left"), Left::Nothing);
        assert_eq!(begin(&scene, true), Started::Now);
        assert_eq!(scene.read(FILE), STARTER);
    }

    #[test]
    fn what_the_tree_became_meanwhile_is_what_comes_back_the_next_time() {
        let scene = left();
        let newer = "fn limit() { refuse_better(); }\n";
        scene.write(FILE, newer);
        begin(&scene, true);
        assert_eq!(scene.read(FILE), MINE);
        out(&scene).expect("left");
        assert_eq!(scene.read(FILE), newer);
    }

    #[test]
    fn an_untouched_starter_leaves_nothing_behind() {
        let scene = Scene::without_git();
        begin(&scene, true);
        assert_eq!(out(&scene).expect("left"), Left::Nothing);
        assert_eq!(scene.read(FILE), REFERENCE);
        assert_eq!(begin(&scene, true), Started::Now);
    }

    /// A crash between the files and the note: the work was put away already, and must not be overwritten.
    #[test]
    fn a_leave_that_was_cut_short_is_done_again_without_a_loss() {
        let scene = left();
        scene
            .desk()
            .note(&scene.lab("04"), |journal| {
                journal.begun = Some(Begun::InPlace);
            })
            .expect("noted");
        let desk = scene.desk();
        let originals = vec![(FILE.into(), REFERENCE.as_bytes().to_vec())];
        place::put(&originals, &desk.originals(&scene.lab("04"))).expect("put");
        assert_eq!(out(&scene).expect("left"), Left::Nothing);
        assert_eq!(begin(&scene, true), Started::Again);
        assert_eq!(scene.read(FILE), MINE);
    }

    #[test]
    fn a_lab_on_a_branch_is_left_by_git() {
        let scene = Scene::with_git();
        begin(&scene, false);
        let refused = out(&scene).expect_err("refused").to_string();
        assert!(refused.contains("exercise/04-rate-limiting"), "{refused}");
        assert!(refused.contains("git switch"), "{refused}");
        assert_eq!(scene.read(FILE), STARTER);
    }

    /// There the files are handed in from where they lie.
    #[test]
    fn in_a_students_copy_the_work_stays_where_it_is() {
        let scene = Scene::without_git();
        scene.remove("exercises/04-rate-limiting/starter");
        begin(&scene, true);
        scene.write(FILE, MINE);
        out(&scene).expect_err("refused");
        assert_eq!(scene.read(FILE), MINE);
    }
}
