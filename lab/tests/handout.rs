//! The students' repository, as a student finds it: it builds, and `check` says what is to be written.
//!
//! It takes minutes, so it is asked for by name: `cargo test -p escale-lab --test handout -- --ignored`.

use std::path::Path;
use std::process::Command;

use escale_lab::exercise::catalogue::{self, find};
use escale_lab::warm::take_over_dependencies;
use serde_json::Value;

#[test]
#[ignore = "takes minutes: .ci/run asks for it"]
fn a_student_can_begin_with_what_was_handed_out() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let class = tempfile::tempdir().expect("a folder");
    let roster = class.path().join("roster.csv");
    std::fs::write(&roster, "student,folder\nZoé,lab-zoe\n").expect("written");
    let lab = Path::new(env!("CARGO_BIN_EXE_lab"));
    let made = Command::new(lab)
        .args(["handout", "--labs", "04", "--roster"])
        .arg(&roster)
        .arg(class.path().join("out"))
        .status();
    assert!(made.expect("it runs").success());
    let folder = class.path().join("out/lab-zoe");
    let commits = said(
        Command::new("git").args(["rev-list", "--count", "HEAD"]),
        &folder,
    );
    assert_eq!(commits.trim(), "1");
    let changed = said(Command::new("git").args(["status", "--porcelain"]), &folder);
    assert_eq!(changed, "", "nothing is left out of the commit");

    let profile = lab.parent().expect("a folder");
    let target = profile.join("../labs/handout/target");
    take_over_dependencies(&workspace, profile, &target.join("debug")).expect("taken over");
    let mut check = Command::new(env!("CARGO"));
    check
        .args(["lab", "check", "04", "--json"])
        .env("CARGO_TARGET_DIR", &target)
        .env("ESCALE_HOME", class.path().join("home"));
    let answer: Value = serde_json::from_str(&said(&mut check, &folder)).expect("JSON");
    let judged = answer["judged"].as_array().expect("a list");
    let failed = judged.iter().filter(|one| !one["failure"].is_null());
    let failed: Vec<_> = failed
        .map(|one| one["id"].as_str().unwrap_or_default())
        .collect();
    let exercises = catalogue::read(&workspace).expect("cards");
    let exercise = find(&exercises, "04").expect("lab 04");
    let open = (exercise.lab.criteria)();
    let wanted = open.iter().map(|criterion| criterion.id);
    let wanted = wanted.filter(|id| exercise.card.starter_fails.iter().any(|known| known == id));
    assert_eq!(failed, wanted.collect::<Vec<_>>(), "{answer:#}");
    assert_eq!(judged.len(), open.len(), "no hidden criterion is there");
}

fn said(command: &mut Command, folder: &Path) -> String {
    let output = command.current_dir(folder).output().expect("it runs");
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
