//! `docs/coverage.toml`: the rows; and what the labs' cards say about them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub title: Text,
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// One thing that is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What tags, labs and comments call it: `R6`, `API1:2023`, `token-alg`.
    pub id: String,
    pub asks: Text,
    /// Where it is answered, from the root of the repository.
    #[serde(default)]
    pub files: Vec<String>,
    /// Numbers of the labs that teach it.
    #[serde(default)]
    pub labs: Vec<String>,
    /// It asks for an exercise: the labs' criteria, which `cargo lab verify` tries, are its proof.
    #[serde(default)]
    pub exercise: bool,
    /// What is missing of it.
    pub partly: Option<Text>,
    /// Why nothing of it is there, and what would bring it.
    pub not_covered: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub fr: String,
    pub en: String,
}

impl Table {
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("docs/coverage.toml");
        let text = std::fs::read_to_string(&path).context("docs/coverage.toml")?;
        toml::from_str(&text).context("docs/coverage.toml")
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.sections.iter().flat_map(|section| &section.rows)
    }
}

/// The labs of this tree by their numbers; a handout has only some of them.
#[derive(Debug, Default)]
pub struct Labs(pub BTreeMap<String, Card>);

#[derive(Debug, Deserialize)]
pub struct Card {
    id: String,
    pub rules: BTreeSet<String>,
    /// Replaced where the lab is begun.
    pub files: Vec<String>,
}

impl Labs {
    pub fn read(root: &Path) -> Result<Self> {
        let mut labs = BTreeMap::new();
        for entry in std::fs::read_dir(root.join("exercises"))? {
            let path = entry?.path().join("lab.toml");
            if let Ok(text) = std::fs::read_to_string(&path) {
                let shown = || path.display().to_string();
                let card: Card = toml::from_str(&text).with_context(shown)?;
                labs.insert(card.id.clone(), card);
            }
        }
        Ok(Self(labs))
    }
}
