//! `student.toml`: whose copy of the students' repository this is. Its seed makes the values that `check` draws the
//! same at every run, and other ones than a neighbour's.

use std::io;
use std::path::Path;

use escale_exercises::Seed;
use serde::{Deserialize, Serialize};

const FILE: &str = "student.toml";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    pub name: String,
    pub seed: Seed,
}

#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    /// As text: not every reader of TOML has numbers of 64 bits without a sign.
    seed: String,
}

impl Student {
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let written = Written {
            name: self.name.clone(),
            seed: self.seed.0.to_string(),
        };
        let text = toml::to_string(&written).map_err(io::Error::other)?;
        std::fs::write(folder.join(FILE), text)
    }

    /// The seed of whose copy this is; in nobody's copy, another at each run.
    pub fn seed_in(folder: &Path) -> Seed {
        Self::of(folder).map_or_else(Seed::random, |student| student.seed)
    }

    /// None where there is no such file, or none that says it.
    pub fn of(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        let written: Written = toml::from_str(&text).ok()?;
        Some(Self {
            name: written.name,
            seed: Seed(written.seed.parse().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_is_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Student::of(folder.path()), None);
        let zoe = Student {
            name: "Zoé \"Z\"".to_owned(),
            seed: Seed(u64::MAX),
        };
        zoe.write(folder.path()).expect("written");
        assert_eq!(Student::of(folder.path()), Some(zoe));
    }
}
