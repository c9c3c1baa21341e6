//! `lab.toml`: what a lab is, without its texts.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Message;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// `04`
    pub id: String,
    pub title: Message,
    pub minutes: u32,
    /// The lesson's ids: `L6`, `R11`, `API4:2023`.
    pub rules: Vec<String>,
    /// The files that the learner writes, from the root of the repository.
    pub files: Vec<PathBuf>,
    /// Numbers of labs that should be done before.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What is built with the learner's code; the whole platform in one program when nothing is said.
    #[serde(default = "the_stage")]
    pub programs: Vec<Program>,
    /// The criteria that the starter does not meet: these and no others.
    pub starter_fails: Vec<String>,
    #[serde(default, rename = "decoy")]
    pub decoys: Vec<Decoy>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    pub package: String,
    pub bin: String,
}

/// A wrong way that looks right, in `decoys/<name>/<path>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decoy {
    pub name: String,
    /// What is wrong with it, for teachers.
    pub title: Message,
    /// The criterion that must catch it. Others may.
    pub fails: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CardFault {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path}: {error}")]
    NotACard {
        path: String,
        error: Box<toml::de::Error>,
    },
    #[error("{path}: {file} is no path within the repository")]
    Elsewhere { path: String, file: String },
}

fn the_stage() -> Vec<Program> {
    vec![Program {
        package: "escale-tests".to_owned(),
        bin: "stage".to_owned(),
    }]
}

impl Card {
    /// Of the lab in this folder.
    pub fn read(folder: &Path) -> Result<Self, CardFault> {
        let path = folder.join("lab.toml");
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| CardFault::Unreadable {
            path: shown.clone(),
            error,
        })?;
        let card: Self = toml::from_str(&text).map_err(|error| CardFault::NotACard {
            path: shown.clone(),
            error: Box::new(error),
        })?;
        // These files are overwritten: a slip in a card must not reach out of the tree.
        match card.files.iter().find(|file| !is_within(file)) {
            Some(file) => Err(CardFault::Elsewhere {
                path: shown,
                file: file.display().to_string(),
            }),
            None => Ok(card),
        }
    }

    /// The file with the defence taken out.
    pub fn starter(folder: &Path, file: &Path) -> PathBuf {
        folder.join("starter").join(file)
    }

    /// A decoy holds the files that differ from the starter's place; the others are the reference's.
    pub fn decoy(folder: &Path, decoy: &Decoy, file: &Path) -> PathBuf {
        folder.join("decoys").join(&decoy.name).join(file)
    }
}

fn is_within(file: &Path) -> bool {
    let mut parts = file.components();
    file.components().next().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(files: &str) -> Result<Card, CardFault> {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!(
            r#"
            id = "04"
            title = {{ fr = "Les limites", en = "Limits" }}
            minutes = 90
            rules = ["L6"]
            files = {files}
            starter_fails = ["a"]
            [[decoy]]
            name = "by-header"
            title = {{ fr = "Par en-tête", en = "By header" }}
            fails = "a"
            "#
        );
        std::fs::write(folder.path().join("lab.toml"), text).expect("a file");
        Card::read(folder.path())
    }

    #[test]
    fn a_card_without_programs_means_the_whole_platform() {
        let card = card(r#"["gateway/src/layers/rate_limit.rs"]"#).expect("a card");
        assert_eq!(card.programs[0].bin, "stage");
        assert_eq!(card.decoys[0].fails, "a");
    }

    #[test]
    fn a_file_outside_of_the_repository_is_refused() {
        for files in [
            r#"["../x"]"#,
            r#"["/etc/x"]"#,
            r#"["a/../../x"]"#,
            r#"[""]"#,
        ] {
            let fault = card(files).expect_err(files);
            assert!(matches!(fault, CardFault::Elsewhere { .. }), "{fault}");
        }
    }
}
