//! Commits that are made without touching a branch, the index or a file of the learner: whatever happens on the way,
//! nothing is half done.

use std::path::PathBuf;

use super::run::text;
use super::{Answer, Git, GitFault, slashed};

/// Who signs the commits that this command makes where the learner has told git no name: those commits alone.
pub(super) const NOBODY: [&str; 4] = [
    "-c",
    "user.name=Escale",
    "-c",
    "user.email=lab@escale.invalid",
];

/// A commit to be made: the tree of `base` with other contents of some files.
#[derive(Debug)]
pub struct Change<'a> {
    pub base: &'a str,
    /// Path from the workspace's root, content.
    pub files: &'a [(PathBuf, Vec<u8>)],
    pub message: &'a str,
}

impl Git {
    pub fn commit(&self, change: &Change<'_>) -> Answer {
        let index = Index::new()?;
        self.with_index(&["read-tree", change.base], &index)?;
        for (file, content) in change.files {
            let path = slashed(file);
            let hash = ["hash-object", "-w", "--stdin", "--path", &path];
            let hash = text(self.run(&hash, Some(content), &[])?);
            let prefix = self.ask(&["rev-parse", "--show-prefix"])?;
            let entry = format!("100644,{hash},{prefix}{path}");
            self.with_index(&["update-index", "--add", "--cacheinfo", &entry], &index)?;
        }
        self.commit_index(change.base, change.message, &index)
    }

    /// The tracked files as they lie there, committed or not, as a commit upon the last one.
    pub fn snapshot(&self, message: &str) -> Answer {
        let index = Index::new()?;
        self.with_index(&["read-tree", "HEAD"], &index)?;
        let root = self.ask(&["rev-parse", "--show-cdup"])?;
        let root = if root.is_empty() { "." } else { &root };
        self.with_index(&["add", "--update", "--", root], &index)?;
        self.commit_index("HEAD", message, &index)
    }

    fn commit_index(&self, parent: &str, message: &str, index: &Index) -> Answer {
        let tree = self.with_index(&["write-tree"], index)?;
        let commit = ["commit-tree", &tree, "-p", parent, "-m", message];
        let named = self.ask(&["var", "GIT_COMMITTER_IDENT"]).is_ok();
        match named {
            true => self.ask(&commit),
            false => self.ask(&[&NOBODY[..], &commit[..]].concat()),
        }
    }

    fn with_index(&self, arguments: &[&str], index: &Index) -> Answer {
        let variable = ("GIT_INDEX_FILE", index.0.path().join("index"));
        let variables = [(variable.0, variable.1.as_os_str())];
        self.run(arguments, None, &variables).map(text)
    }
}

/// An index of our own, beside the learner's.
struct Index(tempfile::TempDir);

impl Index {
    fn new() -> Answer<Self> {
        let folder = tempfile::tempdir().map_err(|error| GitFault::Failed {
            command: "read-tree".to_owned(),
            said: error.to_string(),
        })?;
        Ok(Self(folder))
    }
}
