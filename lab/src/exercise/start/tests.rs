//! Each way to begin, and each refusal, in a small tree.

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
fn a_branch_that_a_teacher_made_is_begun_and_not_gone_back_to() {
    let scene = Scene::with_git();
    crate::exercise::branches::make(&scene.desk(), false).expect("made");
    assert_eq!(begin(&scene, "04", false).expect("begun"), Started::Now);
    assert_eq!(scene.read(FILE), STARTER);
    let reference = place::reference(&scene.desk(), &scene.lab("04"));
    assert!(reference.expect("looked for").is_some());
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
