//! The learner's verbs as they are typed: what they answer a program, and how they refuse. Beginning a lab changes the
//! tree, and is tried in small trees in `lab/src/exercise/`.

use std::process::Output;

use escale_tests::platform::Platform;
use serde_json::Value;

fn answer(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_lab_is_listed_with_its_state() {
    let listed = answer(&Platform::empty().lab(&["list", "--json"]));
    let names = listed.as_array().expect("a list").iter();
    let names: Vec<_> = names.map(|lab| lab["name"].clone()).collect();
    let labs = escale_exercises::labs();
    let known: Vec<_> = labs.iter().map(|lab| lab.folder).collect();
    assert_eq!(names, known);
    for lab in listed.as_array().expect("a list") {
        assert_eq!((&lab["state"], &lab["passed"]), (&"open".into(), &0.into()));
        assert_ne!(lab["of"], 0);
    }
}

#[test]
fn without_a_verb_the_next_step_is_told() {
    let platform = Platform::empty();
    let first = escale_exercises::labs()[0].number();
    let whereabouts = answer(&platform.lab(&["--json"]));
    assert_eq!(whereabouts["next"], format!("cargo lab start {first}"));
    let text = String::from_utf8_lossy(&platform.lab(&[]).stdout).into_owned();
    assert!(text.contains(&format!("cargo lab start {first}")), "{text}");
}

#[test]
fn an_unknown_lab_is_wrong_use_and_the_known_ones_are_named() {
    let platform = Platform::empty();
    let known = escale_exercises::labs()[0].folder;
    for verb in ["start", "check", "attack", "hint", "quiz", "diff", "reset"] {
        let refused = platform.lab(&[verb, "99"]);
        assert_eq!(refused.status.code(), Some(2), "{verb}");
        assert!(said(&refused).contains(known), "{verb}: {}", said(&refused));
    }
}

#[test]
fn hints_diff_and_reset_want_a_lab_that_was_begun() {
    let platform = Platform::empty();
    let lab = escale_exercises::labs()[0].number();
    for verb in ["hint", "diff", "reset"] {
        let refused = platform.lab(&[verb, lab]);
        assert_eq!(refused.status.code(), Some(1), "{verb}");
        let start = format!("cargo lab start {lab}");
        assert!(
            said(&refused).contains(&start),
            "{verb}: {}",
            said(&refused)
        );
    }
}

#[test]
fn a_quiz_is_answered_by_a_program_and_its_result_is_kept() {
    let platform = Platform::empty();
    let lab = escale_exercises::labs()[0].number();
    let answered = platform.lab(&["quiz", lab, "--answers", "a,a,a,a,a", "--json"]);
    let result = answer(&answered);
    assert_eq!((&result["lab"], &result["of"]), (&lab.into(), &5.into()));
    let all_right = result["right"] == 5;
    assert_eq!(answered.status.success(), all_right);
    for question in result["questions"].as_array().expect("explained") {
        assert_ne!(question["why"], "");
    }
    let kept = platform.home().join("data/labs/progress.json");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    assert_eq!(kept["labs"][lab]["quiz"]["right"], result["right"]);
}

#[test]
fn a_broken_progress_file_is_told_of_and_stops_nobody() {
    let platform = Platform::empty();
    let folder = platform.home().join("data/labs");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("progress.json"), "{").unwrap();
    let listed = platform.lab(&["list"]);
    assert!(listed.status.success(), "{}", said(&listed));
    assert!(
        said(&listed).contains("progress.broken-"),
        "{}",
        said(&listed)
    );
    assert!(!folder.join("progress.json").exists());
}
