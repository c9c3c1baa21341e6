//! The student of the walk: a copy of the tree, a home of its own, and an editor that knows three versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use escale_exercises::{Card, Seed};
use escale_lab::exercise::catalogue::{self, Exercise, find};
use escale_lab::exercise::git::Git;
use escale_lab::student::Student as Named;
use escale_lab::workshop::Workshop;
use escale_lab::workspace_copy::Taken;
use tempfile::TempDir;

use super::masks::mask;

/// How much of an answer the page shows.
#[derive(Clone, Copy)]
pub enum Shown {
    /// With what changes from run to run masked.
    Whole,
    /// The first and the last lines, of a text in which nothing does.
    Ends(usize, usize),
}

impl Shown {
    pub fn of(self, said: &str) -> String {
        let lines: Vec<&str> = said.trim_matches('\n').lines().collect();
        match self {
            Self::Ends(first, last) if lines.len() > first + last => {
                let (start, end) = (&lines[..first], &lines[lines.len() - last..]);
                [start, &["…"], end].concat().join("\n")
            }
            Self::Ends(..) => lines.join("\n"),
            Self::Whole => mask(&lines.join("\n")),
        }
    }
}

pub struct Student {
    tree: PathBuf,
    target: PathBuf,
    lab: Exercise,
    home: TempDir,
}

impl Student {
    pub fn at_a_fresh_copy() -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let profile = Path::new(env!("CARGO_BIN_EXE_lab"))
            .parent()
            .expect("a folder");
        let shop = Workshop::open(&workspace, profile, "walk", Taken::WithNew, |_| true);
        let shop = shop.expect("a copy");
        let tree = shop.tree.folder().to_owned();
        let history = tree.join(".git");
        if history.exists() {
            fs::remove_dir_all(history).expect("removed");
        }
        // A seed, as a handout has one: without it each check draws other values.
        let named = Named {
            name: "Zoé".to_owned(),
            seed: Seed::of("zoé"),
        };
        named.write(&tree).expect("written");
        Git::begin(&tree, "Escale").expect("a repository");
        let exercises = catalogue::read(&tree).expect("cards");
        Self {
            target: shop.target(),
            lab: find(&exercises, "04").expect("lab 04").clone(),
            tree,
            home: tempfile::tempdir().expect("a home"),
        }
    }

    /// What it prints on standard output; it must end with this code.
    pub fn runs(&self, arguments: &[&str], ends: i32) -> String {
        let mut command = Command::new(env!("CARGO"));
        command.arg("lab").args(arguments).args(["--lang", "fr"]);
        let output = self.output(&mut command);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(ends),
            "{arguments:?}: {said}{told}"
        );
        said
    }

    pub fn writes_decoy(&self, name: &str) {
        let decoys = &self.lab.card.decoys;
        let decoy = decoys
            .iter()
            .find(|decoy| decoy.name == name)
            .expect("a decoy");
        for file in &self.lab.card.files {
            let own = Card::decoy(&self.lab.folder, decoy, file);
            if own.is_file() {
                fs::copy(own, self.tree.join(file)).expect("written");
            } else {
                fs::write(self.tree.join(file), self.reference(file)).expect("written");
            }
        }
    }

    /// The reference, in words of the student's own at one place.
    pub fn writes_reference(&self, place: &str, old: &str, new: &str) {
        for file in &self.lab.card.files {
            let mut text = self.reference(file);
            if file == Path::new(place) {
                assert_eq!(text.matches(old).count(), 1, "{old}");
                text = text.replace(old, new);
            }
            fs::write(self.tree.join(file), text).expect("written");
        }
    }

    /// As the first commit has it.
    fn reference(&self, file: &Path) -> String {
        let mut command = Command::new("git");
        let file = format!("main:{}", file.display());
        let output = self.output(command.args(["show", &file]));
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    }

    pub fn quiz_answers_with_one_wrong(&self) -> String {
        let quiz = self.lab.quiz().expect("a quiz");
        let letters = quiz.questions.iter().enumerate().map(|(place, question)| {
            let right = question.right();
            let chosen = if place == 0 {
                usize::from(right == 0)
            } else {
                right
            };
            ["a", "b", "c", "d"][chosen]
        });
        letters.collect::<Vec<_>>().join(",")
    }

    pub fn commits(&self) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Zoé", "-c", "user.email=zoe@localhost"]);
        command.args(["-c", "commit.gpgsign=false", "commit", "-qam", "Lab 04"]);
        assert!(self.output(&mut command).status.success());
    }

    fn output(&self, command: &mut Command) -> Output {
        command
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("ESCALE_HOME", self.home.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs")
    }
}
