//! The pages, in both languages.

use std::fmt::Write;

use crate::table::{Row, Section, Text};
use crate::tags::Proof;
use crate::{COMMAND, Coverage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    French,
    English,
}

impl Tongue {
    pub const BOTH: [Self; 2] = [Self::French, Self::English];

    /// Of its page, from the root of the repository.
    pub fn path(self) -> &'static str {
        self.pick("docs/security.fr.md", "docs/security.md")
    }

    fn pick<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    fn of(self, text: &Text) -> &str {
        self.pick(&text.fr, &text.en)
    }
}

pub fn of(coverage: &Coverage, tongue: Tongue) -> String {
    let mut page = head(tongue);
    page.push_str(&summary(coverage, tongue));
    for section in &coverage.table.sections {
        let _ = write!(page, "\n## {}\n\n", tongue.of(&section.title));
        page.push_str(tongue.pick(
            "| id | ce qui est demandé | où c'est fait | ce qui le prouve | TP |\n",
            "| id | what is asked | where it is done | what proves it | labs |\n",
        ));
        page.push_str("|---|---|---|---|---|\n");
        for row in &section.rows {
            page.push_str(&line(row, coverage.proofs_of(&row.id), tongue));
        }
    }
    page
}

fn head(tongue: Tongue) -> String {
    let text = tongue.pick(
        "# Ce qui est demandé, et ce qui le prouve\n\n\
         *[In English](security.md)*\n\n\
         <!-- Écrit par : {COMMAND} -->\n\n\
         Chaque ligne : une règle du cours ou une menace, le fichier qui y répond, et les tests qui échoueraient sans cette\n\
         réponse. Cette page est faite à partir de `docs/coverage.toml` et des étiquettes (`/// Proves: R6, token-alg`) placées\n\
         au-dessus des tests ; un test la refait et la compare, refuse une étiquette inconnue, une ligne qui n'a ni test ni raison,\n\
         un fichier qui n'existe pas. Ce qui manque est écrit : « en partie » dit ce qui manque, « non couvert » dit pourquoi.\n\n\
         Une étiquette est une affirmation de son auteur : la machine vérifie que le test existe et s'exécute, la relecture qu'il\n\
         prouve la ligne. Un test suivi de * ne s'exécute que sur certains systèmes ou là où son outil est présent ; un test qui\n\
         emprunte PostgreSQL ou Redis dit SKIPPED, à voix haute, là où il n'y en a pas.\n",
        "# What is asked, and what proves it\n\n\
         *[En français](security.fr.md)*\n\n\
         <!-- Written by: {COMMAND} -->\n\n\
         Each row: a rule of the course or a threat, the file that answers it, and the tests that would fail without that answer.\n\
         This page is made of `docs/coverage.toml` and of tags (`/// Proves: R6, token-alg`) above the tests; a test makes it\n\
         again and compares, and refuses an unknown tag, a row with neither test nor reason, a file that is not there. What is\n\
         missing is written down: \"partly\" says what is missing, \"not covered\" says why.\n\n\
         A tag is its author's claim: the machine sees to it that the test is there and runs, review that it proves the row. A\n\
         test with a * runs on some systems only, or where its tool is there; one that borrows PostgreSQL or Redis says SKIPPED,\n\
         aloud, where there is none.\n",
    );
    text.replace("{COMMAND}", COMMAND)
}

/// How many rows of each section are covered, and which are not.
fn summary(coverage: &Coverage, tongue: Tongue) -> String {
    let mut text = String::from("\n");
    text.push_str(tongue.pick(
        "| | couvert | en partie | non couvert |\n",
        "| | covered | partly | not covered |\n",
    ));
    text.push_str("|---|---|---|---|\n");
    for section in &coverage.table.sections {
        let covered = ids(section, |row| {
            row.partly.is_none() && row.not_covered.is_none()
        });
        let partly = ids(section, |row| row.partly.is_some());
        let not = ids(section, |row| row.not_covered.is_some());
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            tongue.of(&section.title),
            covered.len(),
            counted(&partly),
            counted(&not)
        );
    }
    text
}

fn ids(section: &Section, is_such: impl Fn(&Row) -> bool) -> Vec<&str> {
    let rows = section.rows.iter().filter(|row| is_such(row));
    rows.map(|row| row.id.as_str()).collect()
}

fn counted(ids: &[&str]) -> String {
    match ids {
        [] => "0".to_owned(),
        ids => format!("{} ({})", ids.len(), ids.join(", ")),
    }
}

fn line(row: &Row, proofs: &[Proof], tongue: Tongue) -> String {
    let mut asks = tongue.of(&row.asks).to_owned();
    if let Some(partly) = &row.partly {
        let word = tongue.pick("En partie :", "Partly:");
        let _ = write!(asks, "<br>**{word}** {}", tongue.of(partly));
    }
    if let Some(not) = &row.not_covered {
        let word = tongue.pick("Non couvert :", "Not covered:");
        let _ = write!(asks, "<br>**{word}** {}", tongue.of(not));
    }
    let files = row.files.iter().map(|file| link(file, file));
    let mut tests: Vec<_> = proofs
        .iter()
        .map(|proof| {
            let star = if proof.is_conditional { " *" } else { "" };
            format!("{}{star}", link(&proof.name, &proof.file))
        })
        .collect();
    if row.exercise {
        tests.push(
            tongue
                .pick(
                    "les critères et les commandes du TP (`cargo lab verify`)",
                    "the lab's criteria and commands (`cargo lab verify`)",
                )
                .to_owned(),
        );
    }
    format!(
        "| {} | {asks} | {} | {} | {} |\n",
        row.id,
        files.collect::<Vec<_>>().join("<br>"),
        tests.join("<br>"),
        row.labs.join(", ")
    )
}

fn link(name: &str, file: &str) -> String {
    format!("[`{name}`](../{file})")
}
