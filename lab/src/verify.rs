//! `cargo lab verify`: proves of every lab that its loop closes. The attack works on what a learner gets and fails on
//! what he is to write; the criteria let the one pass and catch every wrong way that is known; the texts are true.
//!
//! One variant after another is built in a workshop, while those already built are judged beside.

mod judging;
pub mod proof;
mod texts_of_lab;
mod tried_texts;
pub mod variant;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use escale_exercises::Programs;
use tokio::sync::mpsc;

use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::texts::verify as texts;
use crate::workshop::{self, Workshop};
use judging::Job;
use proof::{Claim, Point, Proof};
use variant::{Reference, Variant};

/// Who hears of each proof as soon as it is there.
pub type Teller = Arc<dyn Fn(Proof) + Send + Sync>;

/// Goes through `exercises`; `all` are those of the whole workspace, as no two may write the same file.
pub async fn verify(
    shop: Workshop,
    exercises: Vec<Exercise>,
    all: &[Exercise],
    console: Console,
    told: Teller,
) -> anyhow::Result<()> {
    static_faults(&exercises, all, &console, &told);
    // From here on the copy counts: who goes on writing meanwhile does not change what is proven.
    let here = |exercise: Exercise| {
        let folder = shop.tree.folder().join("exercises").join(exercise.name());
        Exercise { folder, ..exercise }
    };
    let exercises: Arc<Vec<_>> = Arc::new(exercises.into_iter().map(here).collect());
    let (jobs, waiting) = mpsc::channel(64);
    let judge = tokio::spawn(judging::work(waiting, console, Arc::clone(&told)));
    let (builder, built) = (shop.clone(), Arc::clone(&exercises));
    let teller = Arc::clone(&told);
    tokio::task::spawn_blocking(move || build_all(&builder, &built, &console, &jobs, &teller))
        .await??;
    judge.await?;
    tried_texts::run(&shop, &exercises, console, &told).await
}

fn static_faults(exercises: &[Exercise], all: &[Exercise], console: &Console, told: &Teller) {
    let shared = texts_of_lab::shared_files(all, console);
    for exercise in exercises {
        let begun = Instant::now();
        let mut faults = texts_of_lab::faults(exercise, console);
        let of_this = shared.iter().filter(|(lab, _)| lab == exercise.name());
        faults.extend(of_this.map(|(_, fault)| fault.clone()));
        let fault = (!faults.is_empty()).then(|| faults.join("; "));
        let whole = texts::WHOLE.get(console.lang);
        Claim::new(exercise.name(), Point::Texts, whole).ends(fault, begun, told);
    }
}

/// The reference once for all, then each variant by itself, then all starters at once.
fn build_all(
    shop: &Workshop,
    exercises: &Arc<Vec<Exercise>>,
    console: &Console,
    jobs: &mpsc::Sender<Job>,
    told: &Teller,
) -> anyhow::Result<()> {
    let everything = programs_of(exercises);
    let reference = build(shop, &everything, "reference", console)?;
    for exercise in exercises.iter() {
        let job = Job::Reference(exercise.clone(), reference.clone());
        jobs.blocking_send(job)?;
    }
    for exercise in exercises.iter() {
        let as_it_should_be = Reference::read(exercise, &shop.tree)?;
        for variant in Variant::all(&exercise.card) {
            variant.put(exercise, &shop.tree)?;
            let programs = programs_of(std::slice::from_ref(exercise));
            let name = format!("{}-{}", exercise.number(), variant.name());
            let begun = Instant::now();
            let built = build(shop, &programs, &name, console);
            as_it_should_be.restore(&shop.tree)?;
            match built {
                Ok(built) => {
                    jobs.blocking_send(Job::Variant(exercise.clone(), variant, built))?;
                }
                Err(error) => {
                    let point = judging::point_of(&variant);
                    let claim = Claim::new(exercise.name(), point, variant.name());
                    claim.ends(Some(error.to_string()), begun, told);
                }
            }
        }
    }
    together(shop, exercises, console, jobs, told)
}

/// The students' repository has all starters in place: each lab must work in it.
fn together(
    shop: &Workshop,
    exercises: &[Exercise],
    console: &Console,
    jobs: &mpsc::Sender<Job>,
    told: &Teller,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let references = exercises
        .iter()
        .map(|exercise| Reference::read(exercise, &shop.tree));
    let references: Vec<_> = references.collect::<std::io::Result<_>>()?;
    for exercise in exercises {
        Variant::Starter.put(exercise, &shop.tree)?;
    }
    let built = build(shop, &programs_of(exercises), "together", console);
    for reference in &references {
        reference.restore(&shop.tree)?;
    }
    for exercise in exercises {
        match &built {
            Ok(built) => jobs.blocking_send(Job::Together(exercise.clone(), built.clone()))?,
            Err(error) => {
                let claim = Claim::new(exercise.name(), Point::Together, "");
                claim.ends(Some(error.to_string()), begun, told);
            }
        }
    }
    Ok(())
}

fn build(
    shop: &Workshop,
    programs: &[&str],
    variant: &str,
    console: &Console,
) -> anyhow::Result<Programs> {
    console.say(&texts::BUILDING, &[("variant", &variant)]);
    let folder = shop.build(programs).map_err(workshop::told)?;
    Ok(shop.keep(&folder, programs, variant)?)
}

fn programs_of(exercises: &[Exercise]) -> Vec<&str> {
    let all = exercises
        .iter()
        .flat_map(|exercise| &exercise.card.programs);
    let names: BTreeSet<&str> = all.map(|program| program.bin.as_str()).collect();
    names.into_iter().collect()
}
