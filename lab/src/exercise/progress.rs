//! `data/labs/progress.json`: what the learner has done. It survives a crash in the middle of writing, a broken file
//! and a newer version of this program: nothing in it is ever fatal, and nothing of it is thrown away.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;

use crate::private_file::write_public;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Progress {
    /// The number of the lab that was started last.
    pub current: Option<String>,
    /// By number.
    pub labs: BTreeMap<String, Journal>,
}

/// One lab of one learner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Journal {
    pub begun: Option<Begun>,
    /// When each criterion was met for the first time.
    pub passed: BTreeMap<String, Timestamp>,
    /// When all of them were met at once for the first time.
    pub done: Option<Timestamp>,
    /// When the attack succeeded, and when it was repelled, for the first time.
    pub attacked: Option<Timestamp>,
    pub repelled: Option<Timestamp>,
    /// How many hints were given.
    pub hints: usize,
    /// How many times the reference was looked at before the end.
    pub unlocked: u32,
    pub quiz: Option<QuizResult>,
}

/// Where the learner's files are, and the reference's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "camelCase")]
pub enum Begun {
    /// On the lab's branch. `base` is the commit from which it was begun, `starter` the one with the starter's files.
    Branch { base: String, starter: String },
    /// In place, without git; the originals are in the backup folder.
    InPlace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizResult {
    pub right: usize,
    pub of: usize,
    pub at: Timestamp,
}

/// What was read, and what had to be put aside for it.
#[derive(Debug)]
pub struct Loaded {
    pub progress: Progress,
    /// The new name of a file that could not be understood.
    pub aside: Option<PathBuf>,
}

impl Progress {
    /// Reads the file; where it is broken, the one before it.
    pub fn load(path: &Path, now: Timestamp) -> io::Result<Loaded> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let progress = Self::default();
                return Ok(Loaded {
                    progress,
                    aside: None,
                });
            }
            Err(error) => return Err(error),
        };
        if let Ok(progress) = serde_json::from_slice(&text) {
            return Ok(Loaded {
                progress,
                aside: None,
            });
        }
        let aside = path.with_file_name(format!("progress.broken-{}.json", now.0));
        std::fs::rename(path, &aside)?;
        let before = std::fs::read(previous(path)).unwrap_or_default();
        Ok(Loaded {
            progress: serde_json::from_slice(&before).unwrap_or_default(),
            aside: Some(aside),
        })
    }

    /// The file as it stands becomes the one before, and this the file. Both appear whole or not at all.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Ok(text) = std::fs::read_to_string(path) {
            write_public(&previous(path), &text)?;
        }
        write_public(path, &serde_json::to_string_pretty(self)?)
    }

    /// What is known of a lab; nothing, mostly.
    pub fn of(&self, number: &str) -> Journal {
        self.labs.get(number).cloned().unwrap_or_default()
    }

    pub fn change(&mut self, number: &str) -> &mut Journal {
        self.labs.entry(number.to_owned()).or_default()
    }

    pub fn is_done(&self, number: &str) -> bool {
        self.labs
            .get(number)
            .is_some_and(|journal| journal.done.is_some())
    }
}

fn previous(path: &Path) -> PathBuf {
    path.with_extension("json.bak")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a temporary folder"))
        }

        fn file(&self) -> PathBuf {
            self.0.path().join("labs/progress.json")
        }

        fn load(&self) -> Loaded {
            Progress::load(&self.file(), NOW).expect("read")
        }
    }

    fn with_hints(hints: usize) -> Progress {
        let mut progress = Progress::default();
        progress.change("04").hints = hints;
        progress
    }

    #[test]
    fn progress_comes_back_as_it_was_saved() {
        let folder = Folder::new();
        assert_eq!(folder.load().progress, Progress::default());
        let mut progress = with_hints(2);
        let journal = progress.change("04");
        journal.passed.insert("valid-traffic".to_owned(), NOW);
        journal.begun = Some(Begun::Branch {
            base: "a".to_owned(),
            starter: "b".to_owned(),
        });
        progress.save(&folder.file()).expect("saved");
        assert_eq!(folder.load().progress, progress);
        assert!(!progress.is_done("04") && !progress.is_done("05"));
    }

    #[test]
    fn a_broken_file_is_put_aside_and_the_one_before_it_is_used() {
        let folder = Folder::new();
        for hints in [1, 2] {
            with_hints(hints).save(&folder.file()).expect("saved");
        }
        std::fs::write(folder.file(), "{\"labs\": {\"04\"").expect("broken");
        let loaded = folder.load();
        assert_eq!(loaded.progress, with_hints(1));
        let aside = loaded.aside.expect("put aside");
        let kept = std::fs::read_to_string(aside).expect("kept");
        assert_eq!(kept, "{\"labs\": {\"04\"");
        loaded.progress.save(&folder.file()).expect("saved again");
        assert!(folder.load().aside.is_none());
    }

    #[test]
    fn two_broken_files_are_an_empty_progress_and_not_the_end() {
        let folder = Folder::new();
        std::fs::create_dir_all(folder.file().parent().expect("a folder")).expect("made");
        std::fs::write(folder.file(), [0xff, 0x00]).expect("broken");
        std::fs::write(previous(&folder.file()), "[]").expect("broken");
        let loaded = folder.load();
        assert_eq!(loaded.progress, Progress::default());
        assert!(loaded.aside.is_some_and(|aside| aside.exists()));
    }

    #[test]
    fn what_a_newer_version_wrote_beside_is_no_fault() {
        let folder = Folder::new();
        let text = r#"{"labs": {"04": {"hints": 1, "stars": 5}}, "theme": "dark"}"#;
        write_public(&folder.file(), text).expect("written");
        assert_eq!(folder.load().progress, with_hints(1));
    }
}
