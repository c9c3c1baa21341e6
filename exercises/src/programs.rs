//! The built programs of one submission.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone)]
pub struct Programs(PathBuf);

impl Programs {
    /// The folder where cargo, or who copied them, put them.
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    pub fn of(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{EXE_SUFFIX}"))
    }
}
