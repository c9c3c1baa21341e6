//! Builds one submission after another: the lab's files are put into the tree, and taken out again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use escale_exercises::Card;
use tokio::sync::mpsc;

use super::results::Ending;
use super::step::{Made, Task};
use super::submission::{Unfit, Work};
use super::{Candidate, Grader, Ready};
use crate::exercise::catalogue::Exercise;
use crate::texts::grade as texts;
use crate::verify::variant::Variant;

const LIMIT: Duration = Duration::from_secs(180);

impl Grader {
    pub(super) async fn build_all(
        &self,
        exercise: &Exercise,
        candidates: Vec<Candidate>,
        ready: mpsc::Sender<Ready>,
    ) -> anyhow::Result<()> {
        let handed_out = handed_out(exercise)?;
        // The same work is built once: thirty untouched starters are one.
        let mut known: HashMap<String, Result<PathBuf, Ending>> = HashMap::new();
        for candidate in candidates {
            let begun = Instant::now();
            let work = match &candidate.submission {
                None => Err(Ending::NothingHandedIn),
                Some(submission) => {
                    let work = submission.work(&exercise.card);
                    work.map_err(|unfit| self.unfit(&unfit))
                }
            };
            let untouched = work.as_ref().is_ok_and(|work| *work == handed_out);
            let built = match work {
                Err(ending) => Err(ending),
                Ok(work) => {
                    let name = format!("{}-{}", exercise.number(), work.fingerprint());
                    match known.get(&name) {
                        Some(built) => built.clone(),
                        None => {
                            let built = self.build(exercise, &work, &name).await;
                            known.insert(name, built.clone());
                            built
                        }
                    }
                }
            };
            let one = Ready {
                candidate,
                begun,
                untouched,
                built,
            };
            if ready.send(one).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn build(&self, exercise: &Exercise, work: &Work, name: &str) -> Result<PathBuf, Ending> {
        let broken = |error: std::io::Error| Ending::Broken {
            reason: error.to_string(),
        };
        for (file, content) in &work.0 {
            self.shop.tree.put(file, content).map_err(broken)?;
        }
        let programs = exercise.card.programs.iter();
        let programs: Vec<String> = programs.map(|program| program.bin.clone()).collect();
        let task = Task::Build {
            tree: self.shop.tree.folder().to_owned(),
            target: self.shop.target(),
            programs: programs.clone(),
            cage: self.processes.build_cage(&self.shop),
        };
        let ended = self.processes.run(&task, LIMIT).await;
        // What is built next must not find this one's work in its place.
        Variant::Starter
            .put(exercise, &self.shop.tree)
            .map_err(broken)?;
        let ended = ended.map_err(broken)?;
        if ended.status.is_none() {
            return Err(Ending::BuildTooLong);
        }
        match serde_json::from_slice(&ended.stdout) {
            Ok(Made::Programs(folder)) => {
                let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
                let kept = self.shop.keep(&folder, &programs, name).map_err(broken)?;
                drop(kept);
                Ok(self.shop.kept(name))
            }
            Ok(Made::Errors(errors)) => Err(Ending::NotBuilt { errors }),
            Err(error) => Err(broken(error.into())),
        }
    }

    fn unfit(&self, unfit: &Unfit) -> Ending {
        let (text, file, error) = match unfit {
            Unfit::Missing(file) => (&texts::MISSING_FILE, file, ""),
            Unfit::NoPlainFile(file) => (&texts::NO_PLAIN_FILE, file, ""),
            Unfit::Unreadable(file, error) => (&texts::UNREADABLE_FILE, file, error.as_str()),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("file", &file.display()), ("error", &error)];
        Ending::Unfit {
            reason: self.console.text(text, &values),
        }
    }
}

/// The files as students got them.
fn handed_out(exercise: &Exercise) -> std::io::Result<Work> {
    let files = exercise.card.files.iter();
    let starter = |file: &PathBuf| {
        let content = std::fs::read(Card::starter(&exercise.folder, file))?;
        Ok((file.clone(), content))
    };
    files.map(starter).collect::<std::io::Result<_>>().map(Work)
}
