//! Has one submission judged, and makes of what is known the result.

use std::path::Path;
use std::time::Duration;

use escale_exercises::{Failure, Report, Seed};

use super::results::{Ending, Graded};
use super::step::{Said, Task};
use super::{Grader, Ready, marks};
use crate::exercise::catalogue::Exercise;

const LIMIT: Duration = Duration::from_secs(120);

impl Grader {
    pub(super) async fn finish(&self, exercise: &Exercise, ready: Ready) -> Graded {
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

    async fn judge(&self, exercise: &Exercise, programs: &Path, student: &str) -> (Ending, Report) {
        let task = Task::Judge {
            lab: exercise.number().to_owned(),
            programs: programs.to_owned(),
            seed: Seed::of(&format!("{}/{student}", self.word)).0,
            cage: self.processes.run_cage(programs),
        };
        let ended = match self.processes.run(&task, LIMIT).await {
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
