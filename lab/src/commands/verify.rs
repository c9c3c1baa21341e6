//! `verify`: does every lab's loop close?

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use crate::console::Console;
use crate::exercise::catalogue::{self, Exercise};
use crate::layout::workspace;
use crate::outcome::{Outcome, Refusal};
use crate::programs::Programs;
use crate::texts::exercise::UNKNOWN_LAB;
use crate::texts::verify as texts;
use crate::verify::proof::{Point, Proof};
use crate::verify::{Teller, verify};
use crate::workshop::Workshop;
use crate::workspace_copy::Taken;

/// The table shows the beginning of a fault; the whole was said when it was found.
const SHOWN: usize = 100;

#[derive(Serialize)]
struct Answer {
    proofs: Vec<Proof>,
    seconds: f64,
}

pub async fn run(asked: &[String], console: Console) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let workspace = workspace(&console)?;
    let unknown = catalogue::not_built_in(&workspace)?;
    if !unknown.is_empty() {
        let folders = unknown.join(", ");
        let said = console.text(&texts::NOT_BUILT_IN, &[("folders", &folders)]);
        return Err(Refusal::Configuration(said).into());
    }
    let all = catalogue::read(&workspace)?;
    let chosen = chosen(&all, asked, &console)?;
    let shop = Workshop::open(&workspace, &beside()?, "verify", Taken::WithNew, |_| true)?;
    let proofs = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&proofs);
    let told: Teller = Arc::new(move |proof: Proof| {
        show(&proof, &console);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(proof);
    });
    verify(shop, chosen, &all, console, told).await?;
    let mut proofs = proofs
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    // Those of one lab together: they came as they were ready.
    proofs.sort_by(|one, other| (&one.lab, one.point).cmp(&(&other.lab, other.point)));
    let faulty = proofs.iter().any(|proof| proof.fault.is_some());
    let seconds = begun.elapsed().as_secs_f64();
    match console.json {
        true => console.answer(&Answer { proofs, seconds })?,
        false => table(&proofs, seconds, &console),
    }
    Ok(match faulty {
        true => Outcome::CheckFailed,
        false => Outcome::Done,
    })
}

/// The folder of what cargo built beside this program.
fn beside() -> std::io::Result<PathBuf> {
    Ok(Programs::beside_this_one()?.0)
}

/// Those that were named; all of them where none was.
pub fn chosen(
    all: &[Exercise],
    asked: &[String],
    console: &Console,
) -> Result<Vec<Exercise>, Refusal> {
    if asked.is_empty() {
        return Ok(all.to_vec());
    }
    let names: Vec<_> = all.iter().map(Exercise::name).collect();
    let names = names.join(", ");
    let one = |asked: &String| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("asked", asked), ("names", &names)];
        let found = catalogue::find(all, asked).cloned();
        found.ok_or_else(|| Refusal::Usage(console.text(&UNKNOWN_LAB, &values)))
    };
    asked.iter().map(one).collect()
}

/// As soon as it is known: the whole takes minutes.
fn show(proof: &Proof, console: &Console) {
    let mark = match proof.fault {
        None => texts::PROVEN,
        Some(_) => texts::FAULTY,
    };
    let point = proof.point.title().get(console.lang);
    let mark = mark.get(console.lang);
    let fault = proof.fault.as_deref().unwrap_or_default();
    console.note(&format!(
        "{mark:<7} {} {point} {} {:.1} s {fault}",
        proof.lab, proof.of, proof.seconds
    ));
}

fn table(proofs: &[Proof], seconds: f64, console: &Console) {
    let row = |proof: &Proof| {
        let result = match &proof.fault {
            None => texts::PROVEN.get(console.lang).to_owned(),
            Some(fault) => {
                let line = fault.lines().next().unwrap_or_default();
                let start: String = line.chars().take(SHOWN).collect();
                format!("{} {start}", texts::FAULTY.get(console.lang))
            }
        };
        vec![
            proof.lab.clone(),
            proof.point.title().get(console.lang).to_owned(),
            proof.of.clone(),
            format!("{:.1}", proof.seconds),
            result,
        ]
    };
    console.line("");
    let headings = [
        &texts::COLUMN_LAB,
        &texts::COLUMN_POINT,
        &texts::COLUMN_OF,
        &texts::COLUMN_SECONDS,
        &texts::COLUMN_RESULT,
    ];
    console.table(&headings, &proofs.iter().map(row).collect::<Vec<_>>());
    let labs: BTreeSet<_> = proofs.iter().map(|proof| &proof.lab).collect();
    let good = proofs.iter().filter(|proof| proof.fault.is_none());
    let decoys = good.clone().filter(|proof| proof.point == Point::Decoys);
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("labs", &labs.len()),
        ("proven", &good.clone().count()),
        ("faults", &(proofs.len() - good.count())),
        ("decoys", &decoys.count()),
        ("seconds", &format!("{seconds:.0}")),
    ];
    console.line("");
    console.line(&console.text(&texts::SUMMARY, &values));
}
