//! A copy of the workspace's files, in which a lab's files are swapped and built without touching the workspace itself.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::exercise::git::Git;

/// Which of the workspace's files are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// What git knows: what is handed out holds no stray note of the teacher's.
    Tracked,
    /// And what it would know after `git add`: who writes a lab tries it before committing it.
    WithNew,
}

#[derive(Debug, Clone)]
pub struct WorkspaceCopy {
    to: PathBuf,
    count: usize,
}

impl WorkspaceCopy {
    /// Brings the copy in step. A file whose content is the same is not touched: cargo judges by the time of its last
    /// change what must be built again. Files of the copy that are not `wanted` are removed.
    ///
    /// # Errors
    /// Files that cannot be read or written; git missing, or a workspace that is no git repository.
    pub fn refresh(
        from: &Path,
        to: &Path,
        taken: Taken,
        wanted: impl Fn(&Path) -> bool,
    ) -> io::Result<Self> {
        // By git: what is ignored there (certificates, data, what is built) has no place in a copy.
        let listed = Git::open(from).and_then(|git| git.files(taken == Taken::WithNew));
        let mut files: BTreeSet<_> = listed.map_err(io::Error::other)?.into_iter().collect();
        // What is deleted and not yet committed is listed all the same.
        files.retain(|file| wanted(file) && from.join(file).is_file());
        let copy = Self {
            to: to.to_owned(),
            count: files.len(),
        };
        std::fs::create_dir_all(to)?;
        let is_new = |file: &PathBuf| !to.join(file).exists();
        let others = files.iter().any(is_new) | remove_others(to, to, &files)?;
        for file in &files {
            copy.put_from(&from.join(file), file)?;
        }
        if others {
            copy.have_build_scripts_look_again(&files)?;
        }
        Ok(copy)
    }

    /// A build script that finds labs by their folders is not run again for a new folder: cargo knows of the old ones.
    fn have_build_scripts_look_again(&self, files: &BTreeSet<PathBuf>) -> io::Result<()> {
        let scripts = files.iter().filter(|file| file.ends_with("build.rs"));
        for script in scripts {
            let file = File::options().write(true).open(self.to.join(script))?;
            file.set_modified(SystemTime::now())?;
        }
        Ok(())
    }

    /// How many files it holds.
    pub fn count(&self) -> usize {
        self.count
    }

    pub fn folder(&self) -> &Path {
        &self.to
    }

    /// The content of `source` in the place of `file`.
    pub fn put_from(&self, source: &Path, file: &Path) -> io::Result<()> {
        self.put(file, &std::fs::read(source)?)
    }

    pub fn put(&self, file: &Path, content: &[u8]) -> io::Result<()> {
        let place = self.to.join(file);
        if std::fs::read(&place).is_ok_and(|old| old == content) {
            return Ok(());
        }
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(place, content)
    }
}

/// Whether there were any.
fn remove_others(root: &Path, folder: &Path, files: &BTreeSet<PathBuf>) -> io::Result<bool> {
    let mut removed = false;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let within = path.strip_prefix(root).unwrap_or(&path);
        // Not followed: what a link leads to is not ours to remove.
        let is_folder = path.symlink_metadata()?.is_dir();
        if is_folder && path.file_name() == Some(OsStr::new(".git")) {
            continue;
        }
        if !is_folder && !files.contains(within) {
            std::fs::remove_file(&path)?;
            removed = true;
        }
        if is_folder {
            removed |= remove_others(root, &path, files)?;
            if std::fs::read_dir(&path)?.next().is_none() {
                std::fs::remove_dir(&path)?;
            }
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let status = Command::new("git")
            .current_dir(folder)
            .args(arguments)
            .status();
        assert!(status.expect("git").success(), "{arguments:?}");
    }

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("src")).expect("made");
        for (name, text) in [
            ("src/a.rs", "a"),
            ("src/b.rs", "b"),
            ("build.rs", "fn main() {}"),
            (".gitignore", "/target\n"),
        ] {
            fs::write(folder.path().join(name), text).expect("written");
        }
        git(folder.path(), &["init", "-q"]);
        git(folder.path(), &["add", "."]);
        let nobody = ["-c", "user.name=x", "-c", "user.email=x@localhost"];
        git(
            folder.path(),
            &[&nobody[..], &["commit", "-qm", "x"]].concat(),
        );
        fs::write(folder.path().join("note.txt"), "stray").expect("written");
        fs::create_dir(folder.path().join("target")).expect("made");
        fs::write(folder.path().join("target/built"), "x").expect("written");
        folder
    }

    #[test]
    fn a_copy_has_what_git_knows_and_loses_what_is_gone() {
        let (from, to) = (workspace(), tempfile::tempdir().expect("a folder"));
        let all = |_: &Path| true;
        WorkspaceCopy::refresh(from.path(), to.path(), Taken::WithNew, all).expect("copied");
        assert!(to.path().join("note.txt").exists());
        assert!(!to.path().join("target").exists());
        fs::remove_file(from.path().join("src/b.rs")).expect("removed");
        WorkspaceCopy::refresh(from.path(), to.path(), Taken::Tracked, all).expect("copied");
        assert!(to.path().join("src/a.rs").exists());
        for gone in ["src/b.rs", "note.txt"] {
            assert!(!to.path().join(gone).exists(), "{gone}");
        }
    }

    #[test]
    fn a_build_script_looks_again_where_a_file_came_or_went_and_only_there() {
        let (from, to) = (workspace(), tempfile::tempdir().expect("a folder"));
        let long_ago = SystemTime::UNIX_EPOCH;
        let script = to.path().join("build.rs");
        let is_touched = || {
            WorkspaceCopy::refresh(from.path(), to.path(), Taken::WithNew, |_| true)
                .expect("copied");
            let touched = fs::metadata(&script)
                .expect("there")
                .modified()
                .expect("a time");
            let file = File::options().write(true).open(&script).expect("there");
            file.set_modified(long_ago).expect("set");
            touched != long_ago
        };
        assert!(is_touched(), "all is new");
        assert!(!is_touched(), "nothing is");
        fs::write(from.path().join("src/c.rs"), "c").expect("written");
        assert!(is_touched());
        fs::remove_file(from.path().join("src/c.rs")).expect("removed");
        assert!(is_touched());
    }

    #[test]
    fn what_is_unchanged_keeps_its_time_and_what_was_swapped_comes_back() {
        let (from, to) = (workspace(), tempfile::tempdir().expect("a folder"));
        let refresh = || WorkspaceCopy::refresh(from.path(), to.path(), Taken::Tracked, |_| true);
        let copy = refresh().expect("copied");
        let changed = |name: &str| fs::metadata(to.path().join(name))?.modified();
        let before = changed("src/a.rs").expect("a time");
        copy.put(Path::new("src/b.rs"), b"starter").expect("put");
        refresh().expect("copied");
        assert_eq!(changed("src/a.rs").expect("a time"), before);
        let restored = fs::read_to_string(to.path().join("src/b.rs"));
        assert_eq!(restored.expect("there"), "b");
    }
}
