//! Nothing that gives an answer away is left: compared line by line.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::exercise::catalogue;
use crate::workspace_copy::Taken;

/// Shorter lines say little of whose they are.
const TELLING: usize = 40;

fn exercises() -> (PathBuf, Vec<Exercise>) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let exercises = catalogue::read(&workspace).expect("cards");
    (workspace, exercises)
}

fn telling_lines(file: &Path) -> BTreeSet<String> {
    let bytes = fs::read(file).expect("a file");
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| line.len() >= TELLING)
        .map(str::to_owned)
        .collect()
}

/// Of all files below, but for those of `skipped`.
fn telling_lines_below(folder: &Path, skipped: &[PathBuf]) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| !skipped.contains(path))
        .flat_map(|path| match path.is_dir() {
            true => telling_lines_below(&path, skipped),
            false => telling_lines(&path),
        })
        .collect()
}

fn handed_out(workspace: &Path, exercises: &[Exercise]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let wanted = |file: &Path| is_handed_out(file, exercises);
    let tree = WorkspaceCopy::refresh(workspace, folder.path(), Taken::WithNew, wanted);
    lay_out(&tree.expect("copied"), exercises).expect("laid out");
    folder
}

/// Lines that stand in places where no answer is, and so give none away.
fn harmless(folder: &Path, exercises: &[Exercise]) -> BTreeSet<String> {
    let answers = exercises.iter().flat_map(|exercise| {
        let lab = folder.join("exercises").join(exercise.name());
        let files = exercise.card.files.iter().map(|file| folder.join(file));
        files.chain(["hidden.rs", "decoys"].map(|hidden| lab.join(hidden)))
    });
    let answers: Vec<_> = answers.collect();
    telling_lines_below(folder, &answers)
}

/// References, hidden criteria, decoys.
fn secrets(workspace: &Path, exercise: &Exercise) -> Vec<PathBuf> {
    let files = &exercise.card.files;
    let references = files.iter().map(|file| workspace.join(file));
    let hidden = exercise.folder.join("hidden.rs");
    let decoys = exercise.card.decoys.iter();
    let decoys = decoys.flat_map(|decoy| {
        files
            .iter()
            .map(|file| Card::decoy(&exercise.folder, decoy, file))
    });
    let all = references.chain([hidden]).chain(decoys);
    all.filter(|file| file.is_file()).collect()
}

#[test]
fn no_reference_decoy_or_hidden_criterion_is_left() {
    let (workspace, exercises) = exercises();
    let folder = handed_out(&workspace, &exercises);
    let harmless = harmless(folder.path(), &exercises);
    let left = telling_lines_below(folder.path(), &[]);
    for exercise in &exercises {
        let starters = exercise.card.files.iter();
        let starters = starters.map(|file| Card::starter(&exercise.folder, file));
        let known: BTreeSet<_> = starters.flat_map(|file| telling_lines(&file)).collect();
        let mut compared = 0;
        for secret in secrets(&workspace, exercise) {
            let own = telling_lines(&secret);
            for line in own
                .iter()
                .filter(|line| !known.contains(*line) && !harmless.contains(*line))
            {
                compared += 1;
                assert!(!left.contains(line), "{}: {line}", secret.display());
            }
        }
        assert!(
            compared > 20,
            "{}: {compared} telling lines",
            exercise.name()
        );
    }
}

#[test]
fn a_card_that_is_handed_out_names_neither_decoys_nor_hidden_criteria() {
    let (workspace, exercises) = exercises();
    let folder = handed_out(&workspace, &exercises);
    for exercise in &exercises {
        let own = folder.path().join("exercises").join(exercise.name());
        let text = fs::read_to_string(own.join("lab.toml")).expect("a card");
        let hidden = exercise.lab.hidden.map(|criteria| criteria());
        for criterion in hidden.unwrap_or_default() {
            assert!(!text.contains(criterion.id), "{text}");
        }
        let card = Card::read(&own).expect("a card");
        assert!(card.decoys.is_empty());
        assert_eq!(card.files, exercise.card.files);
    }
}

#[test]
fn a_lab_that_is_not_handed_out_leaves_its_app_and_nothing_else() {
    let (_, exercises) = exercises();
    let (one, others) = exercises.split_first().expect("a lab");
    let text = Path::new("exercises").join(one.name()).join("lab.fr.md");
    assert!(is_handed_out(&text, &exercises));
    assert!(!is_handed_out(&text, others));
    let manifest = text.with_file_name("app").join("Cargo.toml");
    assert!(
        is_handed_out(&manifest, others),
        "a member of the workspace"
    );
    assert!(is_handed_out(Path::new("exercises/src/lib.rs"), others));
    for back in [".ci/run", "docs/lab-04-walk.fr.md", "docs/teacher.fr.md"] {
        assert!(!is_handed_out(Path::new(back), &exercises), "{back}");
    }
}
