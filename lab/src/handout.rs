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
const KEPT_BACK: [&str; 4] = [".ci", ".github", "docs/teacher.fr.md", "docs/teacher.en.md"];
/// Of a lab's folder.
const HIDDEN: [&str; 2] = ["hidden.rs", "decoys"];

/// A lab's own program, where it has one.
const APP: &str = "app";

/// Whether a file of the workspace has a place there. A lab that is not handed out has none, but for its own app, which
/// is a member of the workspace; like the rest of the product, that app is as it should be.
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
            let is_hidden = HIDDEN.iter().any(|hidden| part == *hidden);
            part == APP || chosen(lab) && !is_hidden
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
mod tests;
