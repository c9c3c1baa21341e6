//! What students get: the workspace with every lab's starter in its place, and without whatever gives an answer away.
//! Submissions are graded in the same tree, so that there is nothing in it which their authors do not have.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path};

use escale_exercises::Card;

use crate::exercise::catalogue::Exercise;
use crate::verify::variant::Variant;
use crate::workspace_copy::WorkspaceCopy;

/// Whole folders and files that students have no use for, or that show a solution.
const KEPT_BACK: [&str; 4] = [".ci", ".github", "docs/teacher.fr.md", "docs/teacher.md"];
/// Of a lab's folder.
const HIDDEN: [&str; 2] = ["hidden.rs", "decoys"];

/// Whether a file of the workspace has a place there. Labs that are not handed out have none.
pub fn is_handed_out(file: &Path, exercises: &[Exercise]) -> bool {
    if KEPT_BACK.iter().any(|back| file.starts_with(back)) || is_walk(file) {
        return false;
    }
    let mut parts = file.components().map(Component::as_os_str);
    if parts.next() != Some(OsStr::new("exercises")) {
        return true;
    }
    let (lab, part) = (parts.next(), parts.next());
    let is_lab = |name: &OsStr| {
        name.to_string_lossy()
            .starts_with(|sign: char| sign.is_ascii_digit())
    };
    let chosen = |name: &OsStr| exercises.iter().any(|exercise| name == exercise.name());
    match (lab, part) {
        (Some(lab), Some(part)) if is_lab(lab) => {
            chosen(lab) && HIDDEN.iter().all(|hidden| part != *hidden)
        }
        _ => true,
    }
}

/// The walk through a lab shows its solution.
fn is_walk(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.starts_with("docs") && name.starts_with("lab-")
}

/// Puts the starters in place and takes the answers out of the cards.
pub fn lay_out(tree: &WorkspaceCopy, exercises: &[Exercise]) -> io::Result<()> {
    for exercise in exercises {
        Variant::Starter.put(exercise, tree)?;
        let card = toml::to_string(&open_card(exercise)).map_err(io::Error::other)?;
        let place = Path::new("exercises")
            .join(exercise.name())
            .join("lab.toml");
        tree.put(&place, card.as_bytes())?;
    }
    Ok(())
}

/// Without decoys, whose titles tell what to beware of, and without the hidden criteria's names.
fn open_card(exercise: &Exercise) -> Card {
    let hidden = exercise
        .lab
        .hidden
        .map(|criteria| criteria())
        .unwrap_or_default();
    let mut card = exercise.card.clone();
    card.decoys.clear();
    card.starter_fails
        .retain(|id| hidden.iter().all(|criterion| criterion.id != id.as_str()));
    card
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;
    use crate::exercise::catalogue;
    use crate::workspace_copy::Taken;

    /// Shorter lines say little of whose they are.
    const TELLING: usize = 40;

    fn workspace() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn lines_of(folder: &Path, found: &mut BTreeMap<String, Vec<String>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                lines_of(&path, found);
                continue;
            }
            let text = fs::read(&path).expect("a file");
            for line in String::from_utf8_lossy(&text).lines().map(str::trim) {
                if line.len() >= TELLING {
                    let places = found.entry(line.to_owned()).or_default();
                    places.push(path.display().to_string());
                }
            }
        }
    }

    /// Telling lines of a text that stand nowhere in what is handed out on good grounds.
    fn own_lines<'a>(text: &'a str, known: &BTreeMap<String, usize>) -> Vec<&'a str> {
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| line.len() >= TELLING && !known.contains_key(*line))
            .collect()
    }

    #[test]
    fn no_reference_decoy_or_hidden_criterion_is_left() {
        let workspace = workspace();
        let exercises = catalogue::read(&workspace).expect("cards");
        let folder = tempfile::tempdir().expect("a folder");
        let wanted = |file: &Path| is_handed_out(file, &exercises);
        let tree = WorkspaceCopy::refresh(&workspace, folder.path(), Taken::WithNew, wanted);
        let tree = tree.expect("copied");
        // What stands in files that no lab takes anything out of.
        let taken: Vec<_> = exercises
            .iter()
            .flat_map(|one| one.card.files.clone())
            .collect();
        for file in &taken {
            fs::remove_file(folder.path().join(file)).expect("a file of a lab");
        }
        let mut elsewhere = BTreeMap::new();
        lines_of(folder.path(), &mut elsewhere);
        let elsewhere = elsewhere
            .into_iter()
            .map(|(line, places)| (line, places.len()));
        let elsewhere: BTreeMap<_, _> = elsewhere.collect();
        lay_out(&tree, &exercises).expect("laid out");
        let mut handed_out = BTreeMap::new();
        lines_of(folder.path(), &mut handed_out);
        for exercise in &exercises {
            assert!(!exercise.folder.join("never").exists());
            let mut secrets: Vec<std::path::PathBuf> = Vec::new();
            let starters = exercise.card.files.iter();
            let starters = starters.map(|file| Card::starter(&exercise.folder, file));
            let starters: String = starters
                .filter_map(|file| fs::read_to_string(file).ok())
                .collect();
            secrets.extend(exercise.card.files.iter().map(|file| workspace.join(file)));
            secrets.push(exercise.folder.join("hidden.rs"));
            for decoy in &exercise.card.decoys {
                let files = exercise.card.files.iter();
                secrets.extend(files.map(|file| Card::decoy(&exercise.folder, decoy, file)));
            }
            let mut compared = 0;
            for secret in secrets.iter().filter(|file| file.is_file()) {
                let text = fs::read_to_string(secret).expect("text");
                for line in own_lines(&text, &elsewhere) {
                    if starters.contains(line) {
                        continue;
                    }
                    compared += 1;
                    let places = handed_out.get(line);
                    assert!(
                        places.is_none(),
                        "{line}: {} in {places:?}",
                        secret.display()
                    );
                }
            }
            assert!(
                compared > 20,
                "{}: {compared} telling lines",
                exercise.name()
            );
            let card = exercise.name();
            let card = folder.path().join("exercises").join(card).join("lab.toml");
            let card = fs::read_to_string(card).expect("a card");
            for decoy in &exercise.card.decoys {
                assert!(!card.contains(&decoy.title.en), "{card}");
            }
            let hidden = exercise.lab.hidden.map(|criteria| criteria());
            for criterion in hidden.unwrap_or_default() {
                assert!(!card.contains(criterion.id), "{card}");
            }
        }
    }

    #[test]
    fn a_lab_that_is_not_handed_out_leaves_nothing_of_its_folder() {
        let exercises = catalogue::read(&workspace()).expect("cards");
        let (one, others) = exercises.split_first().expect("a lab");
        let text = Path::new("exercises").join(one.name()).join("lab.fr.md");
        assert!(is_handed_out(&text, &exercises));
        assert!(!is_handed_out(&text, others));
        assert!(is_handed_out(Path::new("exercises/src/lib.rs"), others));
        for back in [".ci/run", "docs/lab-04-walk.fr.md", "docs/teacher.fr.md"] {
            assert!(!is_handed_out(Path::new(back), &exercises), "{back}");
        }
    }
}
