//! The few things that are asked of the `git` program. It runs in the workspace, which may be a folder of a larger
//! repository, and speaks English, as its words are read here.

mod commit;
mod run;

use std::io;
use std::path::{Path, PathBuf};

pub use commit::Change;

/// Names the lab in the message of its starter's commit, so that a branch that came from elsewhere is understood.
const TRAILER: &str = "Escale-Lab";

#[derive(Debug, Clone)]
pub struct Git {
    program: &'static str,
    workspace: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum GitFault {
    #[error("git: {0}")]
    Missing(io::Error),
    /// The workspace is no git repository, or has no commit yet.
    #[error("no git repository")]
    NoRepository,
    #[error("git {command}: {said}")]
    Failed { command: String, said: String },
}

type Answer<T = String> = Result<T, GitFault>;

impl Git {
    pub fn open(workspace: &Path) -> Answer<Self> {
        Self::by("git", workspace)
    }

    fn by(program: &'static str, workspace: &Path) -> Answer<Self> {
        let git = Self {
            program,
            workspace: workspace.to_owned(),
        };
        match git.ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]) {
            Ok(_) => Ok(git),
            Err(GitFault::Failed { .. }) => Err(GitFault::NoRepository),
            Err(fault) => Err(fault),
        }
    }

    /// Makes a repository of what stands in the folder: one commit, without a past.
    pub fn begin(folder: &Path, message: &str) -> Answer<()> {
        let git = Self {
            program: "git",
            workspace: folder.to_owned(),
        };
        git.ask(&["init", "--quiet", "--initial-branch=main"])?;
        git.ask(&["add", "--all"])?;
        let words = [
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "-m",
            message,
        ];
        git.ask(&[&commit::NOBODY[..], &words[..]].concat())?;
        Ok(())
    }

    /// What git knows, and with `new` also what it would know after `git add`. Files that were deleted and not yet
    /// committed are among them.
    pub fn files(&self, new: bool) -> Answer<Vec<PathBuf>> {
        let mut arguments = vec!["ls-files", "-z", "--cached"];
        if new {
            arguments.extend(["--others", "--exclude-standard"]);
        }
        let listed = self.ask(&arguments)?;
        let names = listed.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(PathBuf::from).collect())
    }

    pub fn commit_of(&self, name: &str) -> Answer {
        self.ask(&[
            "rev-parse",
            "--verify",
            "--quiet",
            &format!("{name}^{{commit}}"),
        ])
    }

    /// `None` where no branch is checked out.
    pub fn branch(&self) -> Option<String> {
        self.ask(&["symbolic-ref", "--short", "--quiet", "HEAD"])
            .ok()
    }

    pub fn has_branch(&self, name: &str) -> bool {
        self.commit_of(&format!("refs/heads/{name}")).is_ok()
    }

    /// Tracked files that differ from the last commit, as `git status` shows them. Files that git does not know are in
    /// nobody's way.
    pub fn uncommitted(&self) -> Answer<Vec<String>> {
        let said = self.ask(&["status", "--porcelain", "--untracked-files=no"])?;
        Ok(said.lines().map(|line| line.trim().to_owned()).collect())
    }

    pub fn switch(&self, branch: &str) -> Answer<()> {
        self.ask(&["switch", "--quiet", branch]).map(drop)
    }

    /// A branch that points at a commit; one of that name is moved.
    pub fn set_branch(&self, name: &str, commit: &str) -> Answer<()> {
        self.ask(&["branch", "--force", "--no-track", name, commit])
            .map(drop)
    }

    /// Branch and files of the learner go back to a commit. What is not committed is lost: see [`Git::snapshot`].
    pub fn reset_to(&self, commit: &str) -> Answer<()> {
        self.ask(&["reset", "--quiet", "--hard", commit]).map(drop)
    }

    /// A file as it was at a commit; `None` where there was none.
    pub fn file_at(&self, commit: &str, file: &Path) -> Answer<Option<Vec<u8>>> {
        let name = format!("{commit}:./{}", slashed(file));
        if self.ask(&["cat-file", "-e", &name]).is_err() {
            return Ok(None);
        }
        // With the ends of lines that this system's checkout has.
        let output = self.run(&["cat-file", "--filters", &name], None, &[])?;
        Ok(Some(output.stdout))
    }

    pub fn same_tree(&self, one: &str, other: &str) -> Answer<bool> {
        let tree = |commit| self.ask(&["rev-parse", &format!("{commit}^{{tree}}")]);
        Ok(tree(one)? == tree(other)?)
    }

    /// The newest commit on a branch that put this lab's starter in place.
    pub fn starter_on(&self, branch: &str, lab: &str) -> Answer<Option<String>> {
        let wanted = format!("--grep=^{}$", trailer(lab));
        let found = self.ask(&["log", "-1", "--format=%H", &wanted, branch])?;
        Ok(Some(found).filter(|commit| !commit.is_empty()))
    }
}

/// The last line of a starter's commit message.
pub fn trailer(lab: &str) -> String {
    format!("{TRAILER}: {lab}")
}

/// As git writes paths on every system.
fn slashed(path: &Path) -> String {
    let parts = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::exercise::scene::{FILE, REFERENCE, Scene};

    #[test]
    fn a_tree_within_a_larger_repository_is_as_good() {
        let scene = Scene::without_git();
        let above = scene.tree().join("..");
        let git = |arguments: &[&str]| {
            let run = Command::new("git")
                .arg("-C")
                .arg(&above)
                .args(arguments)
                .output();
            assert!(run.expect("git runs").status.success(), "{arguments:?}");
        };
        git(&["init", "--quiet"]);
        git(&["config", "user.name", "Zoé"]);
        git(&["config", "user.email", "zoe@exemple.fr"]);
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "First"]);
        let inner = Git::open(&scene.tree()).expect("a repository");
        let base = inner.commit_of("HEAD").expect("a commit");
        let files = [(PathBuf::from(FILE), b"changed\n".to_vec())];
        let commit = inner.commit(&Change {
            base: &base,
            files: &files,
            message: "Change",
        });
        let commit = commit.expect("committed");
        let read = |commit: &str| inner.file_at(commit, Path::new(FILE)).expect("read");
        assert_eq!(read(&commit), Some(b"changed\n".to_vec()));
        assert_eq!(read(&base), Some(REFERENCE.as_bytes().to_vec()));
    }

    #[test]
    fn a_file_that_was_not_there_is_none() {
        let scene = Scene::with_git();
        let git = Git::open(&scene.tree()).expect("a repository");
        assert_eq!(
            git.file_at("main", Path::new("nowhere.rs"))
                .expect("looked"),
            None
        );
    }

    #[test]
    fn where_there_is_no_git_the_way_without_it_is_offered() {
        let scene = Scene::with_git();
        let fault = Git::by("git-that-nobody-installed", &scene.tree()).expect_err("no git");
        assert!(matches!(fault, GitFault::Missing(_)), "{fault}");
        let refused = scene.desk().git_refusal(&fault).to_string();
        assert!(refused.contains("--no-branch"), "{refused}");
    }
}
