//! Goes through the criteria, two at a time, and stops where going on would only say the same again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::{Case, Criterion, Failure, Message, Programs, Seed, Verdict};

/// A criterion starts a platform in less than a second and needs a few more at most.
const LONGEST: Duration = Duration::from_secs(60);
const AT_ONCE: usize = 2;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Judged {
    pub id: String,
    pub rules: Vec<String>,
    pub title: Message,
    pub failure: Option<Failure>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// In the order of the criteria, as far as they were judged.
    pub judged: Vec<Judged>,
    /// Why the rest was not: a panic, a program that does not start.
    pub stopped: Option<Failure>,
    /// How many criteria there are.
    pub of: usize,
    pub milliseconds: u64,
}

impl Report {
    pub fn passed(&self) -> usize {
        let passed = self.judged.iter().filter(|one| one.failure.is_none());
        passed.count()
    }

    pub fn is_whole(&self) -> bool {
        self.stopped.is_none() && self.passed() == self.of
    }

    /// The ids of the criteria that are not met.
    pub fn failed(&self) -> Vec<&str> {
        let failed = self.judged.iter().filter(|one| one.failure.is_some());
        failed.map(|one| one.id.as_str()).collect()
    }
}

/// `told` hears of each criterion in the order of the list, as soon as it and those before it are judged.
pub async fn judge(
    criteria: Vec<Criterion>,
    programs: &Programs,
    seed: Seed,
    mut told: impl FnMut(&Judged),
) -> Report {
    let begun = Instant::now();
    let mut report = Report {
        of: criteria.len(),
        ..Report::default()
    };
    let criteria: Vec<_> = criteria.into_iter().map(Arc::new).collect();
    let mut waiting = criteria.iter().cloned().enumerate();
    let mut running = JoinSet::new();
    let mut ended: Vec<Option<Verdict>> = criteria.iter().map(|_| None).collect();
    loop {
        while running.len() < AT_ONCE {
            let Some((place, criterion)) = waiting.next() else {
                break;
            };
            let programs = programs.clone();
            running.spawn(async move { (place, one(&criterion, programs, seed).await) });
        }
        let Some(Ok((place, verdict))) = running.join_next().await else {
            break;
        };
        ended[place] = Some(verdict);
        while let Some(Some(verdict)) = ended.get(report.judged.len()).cloned() {
            let criterion = &criteria[report.judged.len()];
            match verdict.err() {
                Some(failure) if failure.ends_the_check() => {
                    report.stopped = Some(failure);
                    // The programs of what still runs end with it.
                    running.abort_all();
                    report.milliseconds = milliseconds(begun);
                    return report;
                }
                failure => report.judged.push(judged(criterion, failure)),
            }
            report.judged.last().into_iter().for_each(&mut told);
        }
    }
    report.milliseconds = milliseconds(begun);
    report
}

async fn one(criterion: &Criterion, programs: Programs, seed: Seed) -> Verdict {
    let case = Case::new(programs, seed, criterion.id);
    let verdict = tokio::time::timeout(LONGEST, criterion.run(case.clone())).await;
    let verdict = verdict.unwrap_or(Err(Failure::TooLong {
        seconds: LONGEST.as_secs(),
    }));
    // A panic is the reason of whatever else went wrong after it.
    match (verdict, case.first_panic()) {
        (Err(_), Some(panic)) => Err(Failure::Panicked(panic)),
        (verdict, _) => verdict,
    }
}

fn judged(criterion: &Criterion, failure: Option<Failure>) -> Judged {
    Judged {
        id: criterion.id.to_owned(),
        rules: criterion.rules.iter().map(ToString::to_string).collect(),
        title: criterion.title.into(),
        failure,
    }
}

fn milliseconds(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
