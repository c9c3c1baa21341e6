//! Builds what a lab judges, with the learner's code.

use std::path::{Path, PathBuf};

use escale_exercises::{Card, Programs};

use crate::cargo_build::{Build, BuildError, Diagnostic, build};

/// Where to build, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    pub workspace: &'a Path,
    /// Cargo's usual folder where nothing is said.
    pub target: Option<&'a Path>,
    pub progress: bool,
    pub color: bool,
}

/// The programs of a card, in the development profile: it compiles fastest after an edit.
pub fn build_programs(card: &Card, site: Site<'_>) -> Result<Programs, BuildError> {
    let names: Vec<&str> = card.programs.iter().map(|one| one.bin.as_str()).collect();
    let folder = build(Build {
        workspace: site.workspace,
        programs: &names,
        target: site.target,
        release: false,
        progress: site.progress,
        color: site.color,
    })?;
    Ok(Programs::in_folder(&folder))
}

/// The compiler's errors, those in the learner's own files first: an error elsewhere mostly follows from one there.
pub fn own_first(mut errors: Vec<Diagnostic>, files: &[PathBuf]) -> Vec<Diagnostic> {
    errors.sort_by_key(|error| !error.is_in(files));
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_the_learners_own_file_come_first_in_the_order_in_which_they_were_told() {
        let error = |file: &str, line| Diagnostic {
            file: Some(file.into()),
            line,
            column: 1,
            text: String::new(),
            rendered: String::new(),
        };
        let told = vec![error("b.rs", 1), error("a.rs", 2), error("a.rs", 1)];
        let lines = own_first(told, &["a.rs".into()]);
        let lines: Vec<_> = lines.iter().map(|error| error.line).collect();
        assert_eq!(lines, [2, 1, 1]);
    }
}
