//! What is known of a class at the end, in the forms in which others read it.

mod junit;

use std::io;
use std::path::Path;

use escale_exercises::{Lang, Report};
use serde::Serialize;

use super::csv;
use super::isolation::Isolation;
use crate::texts::grade as texts;

/// How one submission ended.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "ended", rename_all = "snake_case")]
pub enum Ending {
    Judged,
    NothingHandedIn,
    Unfit {
        reason: String,
    },
    NotBuilt {
        errors: Vec<String>,
    },
    BuildTooLong,
    /// What was judged by then counts.
    RunTooLong,
    /// The grading could not be done, and the mark says nothing.
    Broken {
        reason: String,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct Graded {
    pub student: String,
    pub lab: String,
    /// Out of 20.
    pub mark: f64,
    #[serde(flatten)]
    pub ending: Ending,
    pub report: Report,
    /// Nothing was written: these are the files as they were handed out.
    pub untouched: bool,
    pub seconds: f64,
}

#[derive(Debug, Serialize)]
pub struct Results {
    pub isolation: Isolation,
    /// The teacher's word: with it, the same submissions are judged with the same values again.
    pub seed: String,
    pub graded: Vec<Graded>,
    pub seconds: f64,
}

impl Graded {
    /// One sentence for the student and the teacher.
    pub fn comment(&self, lang: Lang) -> String {
        let met: [(&str, &dyn std::fmt::Display); 2] =
            [("met", &self.report.passed()), ("of", &self.report.of)];
        let said = match &self.ending {
            Ending::Judged => texts::MET.with(lang, &met),
            Ending::NothingHandedIn => texts::NOTHING.get(lang).to_owned(),
            Ending::Unfit { reason } | Ending::Broken { reason } => reason.clone(),
            Ending::NotBuilt { errors } => {
                let first = errors.first().and_then(|error| error.lines().next());
                let error = first.unwrap_or_default();
                texts::NOT_BUILT.with(lang, &[("error", &error)])
            }
            Ending::BuildTooLong => texts::BUILD_TOO_LONG.get(lang).to_owned(),
            Ending::RunTooLong => texts::RUN_TOO_LONG.with(lang, &met),
        };
        let stopped = self
            .report
            .stopped
            .iter()
            .map(|failure| format!(" {failure}"));
        let untouched = self
            .untouched
            .then(|| format!(" {}", texts::UNTOUCHED.get(lang)));
        stopped
            .chain(untouched)
            .fold(said, |said, more| said + &more)
    }
}

impl Results {
    /// `grades-04.csv` for each lab, `grades.json`, `junit.xml`.
    pub fn write(&self, folder: &Path, lang: Lang) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut labs: Vec<&str> = self.graded.iter().map(|one| one.lab.as_str()).collect();
        labs.sort_unstable();
        labs.dedup();
        for lab in labs {
            let number = lab.split('-').next().unwrap_or(lab);
            let table = self.table(lab, lang);
            // With the mark of its encoding: without it, spreadsheets on Windows spoil the accents.
            std::fs::write(
                folder.join(format!("grades-{number}.csv")),
                format!("\u{feff}{table}"),
            )?;
        }
        let json = serde_json::to_string_pretty(self)?;
        std::fs::write(folder.join("grades.json"), json)?;
        std::fs::write(folder.join("junit.xml"), junit::document(self, lang))
    }

    /// Moodle's grade import takes a row a student; which column is what is chosen there.
    fn table(&self, lab: &str, lang: Lang) -> String {
        let of_lab = self.graded.iter().filter(|one| one.lab == lab);
        let criteria = of_lab
            .clone()
            .map(|one| &one.report.judged)
            .max_by_key(|all| all.len());
        let criteria: Vec<&str> = criteria
            .into_iter()
            .flatten()
            .map(|judged| judged.id.as_str())
            .collect();
        let head = ["student", "mark", "of", "comment"]
            .into_iter()
            .chain(criteria.iter().copied());
        let head: Vec<String> = head.map(str::to_owned).collect();
        let row = |graded: &Graded| {
            let met = |id: &&str| {
                let judged = graded.report.judged.iter().find(|one| one.id == **id);
                match judged.map(|one| one.failure.is_none()) {
                    Some(true) => "1".to_owned(),
                    Some(false) => "0".to_owned(),
                    None => String::new(),
                }
            };
            let comment = graded.comment(lang);
            let first = [
                graded.student.clone(),
                format!("{:.1}", graded.mark),
                "20".to_owned(),
                comment,
            ];
            let cells: Vec<String> = first.into_iter().chain(criteria.iter().map(met)).collect();
            csv::line(&cells)
        };
        csv::line(&head) + &of_lab.map(row).collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use escale_exercises::{Failure, Judged, Message};

    use super::*;

    pub(super) fn results() -> Results {
        let judged = |id: &str, failure| Judged {
            id: id.to_owned(),
            rules: vec!["L6".to_owned()],
            title: Message::new("titre", "title"),
            failure,
        };
        let differs = Failure::seen("curl", Message::plain("429"), "<200 & \"x\">\u{1}");
        let graded = |student: &str, ending, judged: Vec<Judged>| Graded {
            student: student.to_owned(),
            lab: "04-rate-limiting".to_owned(),
            mark: 10.0,
            ending,
            report: Report {
                of: judged.len(),
                judged,
                ..Report::default()
            },
            untouched: false,
            seconds: 1.0,
        };
        Results {
            isolation: Isolation {
                files: true,
                network: true,
            },
            seed: "word".to_owned(),
            graded: vec![
                graded(
                    "Zoé",
                    Ending::Judged,
                    vec![judged("a", None), judged("b", Some(differs))],
                ),
                graded("=Léo", Ending::NothingHandedIn, Vec::new()),
            ],
            seconds: 2.0,
        }
    }

    #[test]
    fn each_student_has_a_row_with_a_mark_and_a_column_a_criterion() {
        let table = results().table("04-rate-limiting", Lang::En);
        let rows = csv::read(&table);
        assert_eq!(rows[0], ["student", "mark", "of", "comment", "a", "b"]);
        assert_eq!(rows[1][..3], ["Zoé", "10.0", "20"]);
        assert_eq!(rows[1][4..], ["1", "0"]);
        assert_eq!(rows[2][0], "'=Léo");
        assert_eq!(rows[2][4..], ["", ""]);
    }
}
