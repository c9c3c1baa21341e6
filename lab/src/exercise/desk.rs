//! The learner's desk: the tree, its labs, and what was done of them.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use escale_exercises::{Lab, labs};
use service_kit::clock::{Clock, Timestamp};

use super::catalogue::{Exercise, find};
use super::git::{Git, GitFault};
use super::progress::{Begun, Journal, Progress};
use crate::console::Console;
use crate::layout::{Layout, workspace};
use crate::outcome::Refusal;
use crate::texts::exercise as texts;

pub struct Desk {
    pub console: Console,
    pub workspace: PathBuf,
    pub exercises: Vec<Exercise>,
    pub progress: Progress,
    /// `data/labs` of the home.
    folder: PathBuf,
}

impl Desk {
    pub fn open(console: &Console) -> anyhow::Result<Self> {
        let layout = Layout::from_environment(console)?;
        Self::at(&workspace(console)?, &layout, labs(), console)
    }

    /// The desk of some labs of a tree.
    pub fn at(
        workspace: &Path,
        layout: &Layout,
        labs: Vec<Lab>,
        console: &Console,
    ) -> anyhow::Result<Self> {
        let read = |lab| Exercise::read(workspace, lab);
        let exercises: Result<Vec<_>, _> = labs.into_iter().map(read).collect();
        let exercises = exercises.map_err(|fault| {
            Refusal::Configuration(console.text(&texts::BROKEN_LAB, &[("fault", &fault)]))
        })?;
        let folder = layout.data().join("labs");
        let path = folder.join("progress.json");
        let loaded =
            Progress::load(&path, now()).map_err(|error| unusable(&path, &error, console))?;
        if let Some(aside) = loaded.aside {
            console.error(&console.text(&texts::PROGRESS_ASIDE, &[("path", &aside.display())]));
        }
        Ok(Self {
            console: *console,
            workspace: workspace.to_owned(),
            exercises,
            progress: loaded.progress,
            folder,
        })
    }

    /// The lab that is asked for; else the one that the learner is at.
    pub fn exercise(&self, asked: Option<&str>) -> Result<Exercise, Refusal> {
        let Some(asked) = asked else {
            let here = self.here().cloned();
            return here.ok_or_else(|| self.refusal(&texts::WHICH_LAB, &[]));
        };
        find(&self.exercises, asked).cloned().ok_or_else(|| {
            let names: Vec<_> = self.exercises.iter().map(Exercise::name).collect();
            let names = names.join(", ");
            let values: [(&str, &dyn Display); 2] = [("asked", &asked), ("names", &names)];
            Refusal::Usage(self.console.text(&texts::UNKNOWN_LAB, &values))
        })
    }

    /// The lab whose branch is checked out; else the one that was started last, in place.
    pub fn here(&self) -> Option<&Exercise> {
        let branch = Git::open(&self.workspace).ok().and_then(|git| git.branch());
        let of_branch = branch.and_then(|branch| self.of_branch(&branch));
        let last = || {
            let current = find(&self.exercises, self.progress.current.as_deref()?)?;
            let in_place = self.journal(current).begun == Some(Begun::InPlace);
            in_place.then_some(current)
        };
        of_branch.or_else(last)
    }

    pub fn of_branch(&self, branch: &str) -> Option<&Exercise> {
        let mut exercises = self.exercises.iter();
        exercises.find(|exercise| exercise.branch() == branch)
    }

    /// Whether what lies in the tree now is the learner's work on this lab: only then is it written down.
    pub fn is_at(&self, exercise: &Exercise) -> bool {
        match self.journal(exercise).begun {
            Some(Begun::InPlace) => true,
            Some(Begun::Branch { .. }) => {
                let here = self.here();
                here.is_some_and(|here| here.name() == exercise.name())
            }
            None => false,
        }
    }

    pub fn git(&self) -> Result<Git, Refusal> {
        Git::open(&self.workspace).map_err(|fault| self.git_refusal(&fault))
    }

    pub fn git_refusal(&self, fault: &GitFault) -> Refusal {
        match fault {
            GitFault::Missing(error) => self.refusal(&texts::GIT_MISSING, &[("error", error)]),
            GitFault::NoRepository => self.refusal(&texts::NO_REPOSITORY, &[]),
            GitFault::Failed { .. } => self.refusal(&texts::GIT_FAILED, &[("fault", fault)]),
        }
    }

    pub fn journal(&self, exercise: &Exercise) -> Journal {
        self.progress.of(exercise.number())
    }

    /// Changes what is known of a lab, and writes it down at once.
    pub fn note(
        &mut self,
        exercise: &Exercise,
        change: impl FnOnce(&mut Journal),
    ) -> Result<(), Refusal> {
        change(self.progress.change(exercise.number()));
        let path = self.folder.join("progress.json");
        let saved = self.progress.save(&path);
        saved.map_err(|error| unusable(&path, &error, &self.console))
    }

    /// Where the originals of a lab that was begun in place are kept.
    pub fn originals(&self, exercise: &Exercise) -> PathBuf {
        self.folder.join("backup").join(exercise.number())
    }

    /// Where the work of a learner who left a lab waits for him.
    pub fn left_work(&self, exercise: &Exercise) -> PathBuf {
        self.folder.join("left").join(exercise.number())
    }

    /// A place for work that is taken away; its name is that of the branch that a learner with git gets.
    pub fn kept_work(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn refusal(&self, text: &crate::texts::Text, values: &[(&str, &dyn Display)]) -> Refusal {
        Refusal::Check(self.console.text(text, values))
    }
}

pub fn now() -> Timestamp {
    Clock::system().now()
}

fn unusable(path: &Path, error: &std::io::Error, console: &Console) -> Refusal {
    let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("error", error)];
    Refusal::Configuration(console.text(&texts::PROGRESS_UNUSABLE, &values))
}
