//! One state of a lab's files: as they should be, as a learner gets them, or as somebody might get them wrong.

use std::path::PathBuf;

use escale_exercises::{Card, Decoy};

use crate::exercise::catalogue::Exercise;
use crate::workspace_copy::WorkspaceCopy;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variant {
    Starter,
    Decoy(Decoy),
}

impl Variant {
    /// The starter, then every decoy.
    pub fn all(card: &Card) -> Vec<Self> {
        let decoys = card.decoys.iter().cloned().map(Self::Decoy);
        [Self::Starter].into_iter().chain(decoys).collect()
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Starter => "starter",
            Self::Decoy(decoy) => &decoy.name,
        }
    }

    /// Where the content of each file comes from. A decoy's other files are the reference's.
    pub fn sources(&self, exercise: &Exercise) -> Vec<(PathBuf, PathBuf)> {
        let files = exercise.card.files.iter();
        let source = |file: &PathBuf| match self {
            Self::Starter => Card::starter(&exercise.folder, file),
            Self::Decoy(decoy) => Card::decoy(&exercise.folder, decoy, file),
        };
        let pairs = files.map(|file| (file.clone(), source(file)));
        let own = |(_, source): &(PathBuf, PathBuf)| *self == Self::Starter || source.is_file();
        pairs.filter(own).collect()
    }

    pub fn put(&self, exercise: &Exercise, tree: &WorkspaceCopy) -> std::io::Result<()> {
        for (file, source) in self.sources(exercise) {
            tree.put_from(&source, &file)?;
        }
        Ok(())
    }
}

/// The lab's files as they should be, read before anything else is put in their place.
#[derive(Debug, Clone)]
pub struct Reference(Vec<(PathBuf, Vec<u8>)>);

impl Reference {
    pub fn read(exercise: &Exercise, tree: &WorkspaceCopy) -> std::io::Result<Self> {
        let files = exercise.card.files.iter();
        let read = |file: &PathBuf| Ok((file.clone(), std::fs::read(tree.folder().join(file))?));
        files.map(read).collect::<std::io::Result<_>>().map(Self)
    }

    pub fn restore(&self, tree: &WorkspaceCopy) -> std::io::Result<()> {
        self.0
            .iter()
            .try_for_each(|(file, content)| tree.put(file, content))
    }
}
