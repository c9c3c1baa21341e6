//! `cargo lab grade`: the criteria of this copy, the hidden ones too, against each submission of a class.
//!
//! Threat: a submission is a program of somebody who may gain by reading the criteria, faking a result, or spoiling the
//! others' results. So only the lab's own files are taken of it (no manifest, no build script), they are built in a tree
//! that holds no answers, and what is built runs apart, with a limit of time: [`cage`], [`isolation`], [`step`].

mod bounded;
pub mod cage;
mod csv;
mod isolation;
mod marks;
mod processes;
pub mod results;
pub mod roster;
pub mod step;
pub mod submission;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use escale_exercises::{Card, Failure, Report, Seed};
use tokio::sync::mpsc;

use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::handout::{is_handed_out, lay_out};
use crate::layout::workspace;
use crate::programs::Programs;
use crate::texts::grade as texts;
use crate::verify::variant::Variant;
use crate::workshop::Workshop;
use crate::workspace_copy::Taken;
pub use isolation::Isolation;
use processes::Processes;
use results::{Ending, Graded};
use step::{Made, Said, Task};
use submission::{Submission, Unfit, Work};

const BUILD_LIMIT: Duration = Duration::from_secs(180);
const RUN_LIMIT: Duration = Duration::from_secs(120);

/// A student, with the folder of the work where one was handed in.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub student: String,
    pub submission: Option<Submission>,
}

pub struct Grader {
    shop: Workshop,
    processes: Processes,
    /// The teacher's word: the values that a criterion draws depend on it, and no student knows it.
    word: String,
    console: Console,
}

/// A submission on its way from the build to the judge.
struct Ready {
    candidate: Candidate,
    begun: Instant,
    untouched: bool,
    built: Result<PathBuf, Ending>,
}

impl Grader {
    /// Prepares the tree, and builds it once as it was handed out: nobody's time is spent on the dependencies.
    pub fn open(
        all: &[Exercise],
        asked: &[Exercise],
        word: String,
        console: Console,
    ) -> anyhow::Result<Self> {
        let workspace = workspace(&console)?;
        let profile = Programs::beside_this_one()?.0;
        let wanted = |file: &std::path::Path| is_handed_out(file, all);
        let shop = Workshop::open(&workspace, &profile, "grading", Taken::Tracked, wanted)?;
        lay_out(&shop.tree, all)?;
        console.say(&texts::PREPARING, &[]);
        let programs = asked.iter().flat_map(|exercise| &exercise.card.programs);
        let programs: Vec<&str> = programs.map(|program| program.bin.as_str()).collect();
        shop.build(&programs).map_err(crate::workshop::told)?;
        let processes = Processes::new(&shop, &workspace)?;
        Ok(Self {
            shop,
            processes,
            word,
            console,
        })
    }

    pub fn isolation(&self) -> Isolation {
        self.processes.isolation
    }

    /// One lab of all candidates: while one is judged, the next is built. `told` hears of each as it is done.
    pub async fn grade(
        self: &Arc<Self>,
        exercise: &Exercise,
        candidates: Vec<Candidate>,
        mut told: impl FnMut(&Graded),
    ) -> anyhow::Result<Vec<Graded>> {
        let (ready, mut waiting) = mpsc::channel(1);
        let (builder, lab) = (Arc::clone(self), exercise.clone());
        let building =
            tokio::spawn(async move { builder.build_all(&lab, candidates, ready).await });
        let mut all = Vec::new();
        while let Some(ready) = waiting.recv().await {
            let graded = self.finish(exercise, ready).await;
            told(&graded);
            all.push(graded);
        }
        building.await??;
        Ok(all)
    }

    async fn build_all(
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
        let ended = self.processes.run(&task, BUILD_LIMIT).await;
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

    async fn finish(&self, exercise: &Exercise, ready: Ready) -> Graded {
        let student = ready.candidate.student;
        let (ending, report) = match ready.built {
            Err(ending) => (ending, Report::default()),
            Ok(programs) => self.judge(exercise, &programs, &student).await,
        };
        let mark = match ending {
            Ending::Judged | Ending::RunTooLong => marks::mark(&exercise.card, &report),
            _ => 0.0,
        };
        Graded {
            student,
            lab: exercise.name().to_owned(),
            mark,
            ending,
            report,
            untouched: ready.untouched,
            seconds: ready.begun.elapsed().as_secs_f64(),
        }
    }

    async fn judge(
        &self,
        exercise: &Exercise,
        programs: &std::path::Path,
        student: &str,
    ) -> (Ending, Report) {
        let task = Task::Judge {
            lab: exercise.number().to_owned(),
            programs: programs.to_owned(),
            seed: Seed::of(&format!("{}/{student}", self.word)).0,
            cage: self.processes.run_cage(programs),
        };
        let ended = match self.processes.run(&task, RUN_LIMIT).await {
            Ok(ended) => ended,
            Err(error) => {
                let reason = error.to_string();
                return (Ending::Broken { reason }, Report::default());
            }
        };
        let report = report(&ended.stdout);
        let ending = match (&ended.status, &report.stopped) {
            (None, _) => Ending::RunTooLong,
            (Some(_), Some(Failure::Broken(reason))) => Ending::Broken {
                reason: reason.clone(),
            },
            (Some(status), _) if !status.success() || report.of == 0 => Ending::Broken {
                reason: format!("{status}"),
            },
            (Some(_), _) => Ending::Judged,
        };
        (ending, report)
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

/// Of what a judge said before it ended. Criteria that it did not come to are not met.
fn report(stdout: &[u8]) -> Report {
    let mut report = Report::default();
    let lines = String::from_utf8_lossy(stdout);
    for said in lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
    {
        match said {
            Said::Begun { of } => report.of = of,
            Said::Criterion(judged) => report.judged.push(judged),
            Said::Stopped(failure) => report.stopped = Some(failure),
        }
    }
    report
}
