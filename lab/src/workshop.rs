//! A copy of the workspace and a target folder of its own: variants are put there and built one after another, and the
//! programs of each are kept, so that they can be judged while the next is built.

use std::env::consts::EXE_SUFFIX;
use std::io;
use std::path::{Path, PathBuf};

use escale_exercises::Programs;

use crate::cargo_build::{Build, BuildError, build};
use crate::warm::take_over_dependencies;
use crate::workspace_copy::{Taken, WorkspaceCopy};

#[derive(Debug, Clone)]
pub struct Workshop {
    pub tree: WorkspaceCopy,
    /// `<target>/labs/<name>`
    folder: PathBuf,
}

impl Workshop {
    /// Under the target folder whose `profile` (`target/debug`) is in use. `wanted` says which of the workspace's files have a place
    /// in the copy.
    pub fn open(
        workspace: &Path,
        profile: &Path,
        name: &str,
        taken: Taken,
        wanted: impl Fn(&Path) -> bool,
    ) -> io::Result<Self> {
        let target = profile.parent().ok_or(io::ErrorKind::NotFound)?;
        let folder = target.join("labs").join(name);
        let tree = WorkspaceCopy::refresh(workspace, &folder.join("tree"), taken, wanted)?;
        let shop = Self { tree, folder };
        take_over_dependencies(shop.tree.folder(), profile, &shop.target().join("debug"))?;
        Ok(shop)
    }

    pub fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Where the programs of one variant are kept.
    pub fn kept(&self, variant: &str) -> PathBuf {
        self.folder.join("bin").join(variant)
    }

    /// A folder of the workshop's for whatever else.
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Builds what stands in the tree now.
    pub fn build(&self, programs: &[&str]) -> Result<PathBuf, BuildError> {
        build(Build {
            workspace: self.tree.folder(),
            programs,
            target: Some(&self.target()),
            release: false,
            progress: false,
            color: false,
        })
    }

    /// Takes the programs out of cargo's reach: the next build overwrites them there.
    pub fn keep(&self, built: &Path, programs: &[&str], variant: &str) -> io::Result<Programs> {
        let folder = self.kept(variant);
        std::fs::create_dir_all(&folder)?;
        for name in programs {
            let file = format!("{name}{EXE_SUFFIX}");
            let to = folder.join(&file);
            // Removed first: an old one may be a link to what cargo built.
            match std::fs::remove_file(&to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => std::fs::copy(built.join(&file), &to)?,
            };
        }
        Ok(Programs::in_folder(&folder))
    }
}

/// Why something was not built, in the words of who knows: the compiler's errors, else cargo's.
pub fn told(error: BuildError) -> anyhow::Error {
    match error {
        BuildError::NoCargo(error) => anyhow::Error::new(error).context("cargo"),
        BuildError::Failed { errors, said } => {
            let shown: Vec<_> = errors.into_iter().map(|error| error.rendered).collect();
            match shown.is_empty() {
                true => anyhow::anyhow!("{}", said.trim()),
                false => anyhow::anyhow!("{}", shown.join("\n")),
            }
        }
    }
}
