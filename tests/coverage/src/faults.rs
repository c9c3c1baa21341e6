//! Whatever would make the pages say something that is not so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::table::{Labs, Row, Table};
use crate::tags::Proof;

type Proofs = BTreeMap<String, Vec<Proof>>;

pub fn of(table: &Table, proofs: &Proofs, labs: &Labs, root: &Path) -> Vec<String> {
    let mut faults = of_ids(table, proofs, labs);
    for row in table.rows() {
        let tests = proofs.get(&row.id).map_or(0, Vec::len);
        let told = of_row(row, tests).into_iter().chain(of_files(row, root));
        faults.extend(told.map(|fault| format!("docs/coverage.toml: {}: {fault}", row.id)));
    }
    faults.extend(of_places(proofs, labs));
    faults.extend(of_labs(table, labs));
    faults
}

fn of_ids(table: &Table, proofs: &Proofs, labs: &Labs) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut faults = Vec::new();
    for row in table.rows() {
        if !known.insert(row.id.as_str()) {
            faults.push(format!("docs/coverage.toml: {}: there twice", row.id));
        }
    }
    for (id, tests) in proofs {
        if !known.contains(id.as_str()) {
            let names = tests
                .iter()
                .map(|test| format!("{}: {}", test.file, test.name));
            let names: Vec<_> = names.collect();
            faults.push(format!("unknown id {id}: {}", names.join(", ")));
        }
    }
    for (number, card) in &labs.0 {
        let unknown = card
            .rules
            .iter()
            .filter(|rule| !known.contains(rule.as_str()));
        faults.extend(unknown.map(|rule| format!("lab {number}: unknown id {rule}")));
    }
    faults
}

/// A row is covered, partly covered, or not, and says why.
fn of_row(row: &Row, tests: usize) -> Option<&'static str> {
    let is_proved = tests > 0 || (row.exercise && !row.labs.is_empty());
    match (&row.partly, &row.not_covered) {
        (Some(_), Some(_)) => Some("both partly covered and not covered"),
        (_, Some(_)) if is_proved => Some("said not to be covered, and a test says that it is"),
        (Some(_), _) if !is_proved => Some("said to be partly covered, and no test says so"),
        (None, None) if !is_proved => Some("neither a test nor a reason"),
        (_, None) if row.files.is_empty() => Some("no file is named that answers it"),
        _ => None,
    }
}

fn of_files(row: &Row, root: &Path) -> impl Iterator<Item = &'static str> {
    let mut files = row.files.iter();
    let is_missing =
        files.any(|file| !root.join(file).exists() && !is_of_a_lab_left_out(file, root));
    is_missing
        .then_some("a file that it names is not there")
        .into_iter()
}

/// What is handed out to students has only some of the labs.
fn is_of_a_lab_left_out(file: &str, root: &Path) -> bool {
    let mut parts = file.split('/');
    let (Some("exercises"), Some(lab)) = (parts.next(), parts.next()) else {
        return false;
    };
    !root.join("exercises").join(lab).join("lab.toml").exists()
}

/// A lab puts another file in the place of these: the page would not be true on its branch.
fn of_places(proofs: &Proofs, labs: &Labs) -> Vec<String> {
    let tests: BTreeSet<_> = proofs.values().flatten().collect();
    let mut faults = Vec::new();
    for (number, card) in &labs.0 {
        let swapped = tests.iter().filter(|test| card.files.contains(&test.file));
        faults.extend(swapped.map(|test| {
            format!(
                "{}: {}: lab {number} replaces this file; tag a test outside of it",
                test.file, test.name
            )
        }));
    }
    faults
}

/// The rows and the cards name each other.
fn of_labs(table: &Table, labs: &Labs) -> Vec<String> {
    let mut faults = Vec::new();
    for row in table.rows() {
        for (number, card) in &labs.0 {
            if row.labs.contains(number) != card.rules.contains(&row.id) {
                let id = &row.id;
                faults.push(format!(
                    "{id}, lab {number}: docs/coverage.toml and lab.toml disagree"
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: &str = r#"{ fr = "parce que", en = "because" }"#;

    fn row(rest: &str) -> Row {
        let text = format!("id = \"R6\"\nasks = {{ fr = \"a\", en = \"a\" }}\n{rest}");
        toml::from_str(&text).expect("a row")
    }

    #[test]
    fn a_row_has_a_test_or_a_reason_and_not_both() {
        let (partly, not) = (
            format!("partly = {REASON}\nfiles = [\"a\"]"),
            format!("not_covered = {REASON}"),
        );
        let both = format!("{partly}\n{not}");
        for (rest, tests, is_fault) in [
            ("files = [\"a\"]", 1, false),
            ("files = [\"a\"]", 0, true),
            ("", 1, true),
            (partly.as_str(), 1, false),
            (partly.as_str(), 0, true),
            (not.as_str(), 0, false),
            (not.as_str(), 1, true),
            (both.as_str(), 1, true),
            (
                "files = [\"a\"]\nexercise = true\nlabs = [\"01\"]",
                0,
                false,
            ),
            ("files = [\"a\"]\nlabs = [\"01\"]", 0, true),
        ] {
            let told = of_row(&row(rest), tests);
            assert_eq!(told.is_some(), is_fault, "{rest}, {tests} tests: {told:?}");
        }
    }

    #[test]
    fn a_file_of_a_lab_that_was_not_handed_out_is_not_missed() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (file, is_left_out) in [
            ("exercises/99-not-here/quiz.toml", true),
            ("gateway/src/nowhere.rs", false),
        ] {
            assert_eq!(is_of_a_lab_left_out(file, &tree), is_left_out, "{file}");
        }
    }

    #[test]
    fn unknown_ids_missing_files_and_replaced_files_are_told() {
        let table: Table = toml::from_str(
            "[[section]]\ntitle = { fr = \"a\", en = \"a\" }\n[[section.row]]\nid = \"R6\"\n\
             asks = { fr = \"a\", en = \"a\" }\nfiles = [\"nowhere.rs\"]\n",
        )
        .expect("a table");
        let test = |file: &str| Proof {
            file: file.to_owned(),
            name: "a_claim".to_owned(),
            is_conditional: false,
        };
        let proofs = [
            ("R6".to_owned(), vec![test("swapped.rs")]),
            ("R66".to_owned(), vec![test("a.rs")]),
        ];
        let card =
            toml::from_str("id = \"03\"\nrules = [\"R6\", \"R7\"]\nfiles = [\"swapped.rs\"]");
        let labs = Labs([("03".to_owned(), card.expect("a card"))].into());
        let faults = of(&table, &proofs.into(), &labs, Path::new(".")).join("\n");
        for expected in [
            "unknown id R66: a.rs: a_claim",
            "lab 03: unknown id R7",
            "R6: a file that it names is not there",
            "swapped.rs: a_claim: lab 03 replaces this file",
            "R6, lab 03: docs/coverage.toml and lab.toml disagree",
        ] {
            assert!(faults.contains(expected), "{expected}:\n{faults}");
        }
    }
}
