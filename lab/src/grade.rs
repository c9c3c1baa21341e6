//! `cargo lab grade`: the criteria of this copy, the hidden ones too, against each submission of a class.
//!
//! Threat: a submission is a program of somebody who may gain by reading the criteria, faking a result, or spoiling the
//! others' results. So only the lab's own files are taken of it (no manifest, no build script), they are built in a tree
//! that holds no answers, and what is built runs apart, with a limit of time: [`cage`], [`isolation`], [`step`].

mod bounded;
mod building;
pub mod cage;
mod csv;
mod isolation;
mod judging;
mod marks;
mod processes;
pub mod results;
pub mod roster;
pub mod step;
pub mod submission;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::handout::{is_handed_out, lay_out};
use crate::layout::workspace;
use crate::programs::Programs;
use crate::texts::grade as texts;
use crate::workshop::Workshop;
use crate::workspace_copy::Taken;
pub use isolation::Isolation;
use processes::Processes;
use results::{Ending, Graded};
use submission::Submission;

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
}
