//! A class of thirty hands in lab 04, and one command grades it: good work, the starter, every known wrong way, and
//! those who try to break the grading itself.
//!
//! It takes minutes, so it is asked for by name: `cargo test -p escale-lab --test class -- --ignored`.

#[path = "class/thirty.rs"]
mod thirty;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use thirty::{Expected, thirty};

fn grade(class: &Path, out: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["grade", "--lab", "04", "--lang", "en", "--json", "--out"])
        .arg(out)
        .arg("--roster")
        .arg(class.join("roster.csv"))
        .arg(class.join("work"))
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    println!("{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
#[ignore = "takes minutes: .ci/run asks for it"]
fn a_class_of_thirty_gets_the_right_marks_and_nobody_disturbs_anybody() {
    let class = tempfile::tempdir().expect("a folder");
    let expected = thirty(class.path());
    assert_eq!(expected.len(), 30);
    let out = class.path().join("grades");
    let results = grade(class.path(), &out);
    let graded = results["graded"].as_array().expect("a list");
    let graded: BTreeMap<&str, &Value> = graded
        .iter()
        .map(|one| (one["student"].as_str().expect("a name"), one))
        .collect();
    assert_eq!(graded.len(), 30);
    let whole = results["isolation"]["files"] == true;
    for (student, expected) in &expected {
        let one = graded[student.as_str()];
        if *expected == Expected::FullMarksInTheCage && !whole {
            println!("SKIPPED: {student} needs a machine that keeps files apart");
            continue;
        }
        assert!(expected.is_met(one), "{student}, {expected:?}: {one:#}");
    }
    let table = std::fs::read_to_string(out.join("grades-04.csv")).expect("a table");
    assert_eq!(table.lines().count(), 31);
    assert!(out.join("junit.xml").is_file());
    println!(
        "30 submissions in {:.0} s",
        results["seconds"].as_f64().unwrap_or_default()
    );
}
