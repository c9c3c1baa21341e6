//! Where answers go: plain text in the reader's language, or JSON; colours only where a terminal shows them.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::texts::{Lang, Text};

/// How this run of the command speaks.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    pub lang: Lang,
    /// Answers are JSON on standard output; what is said on the way goes to standard error.
    pub json: bool,
    /// Standard output is a terminal and nobody asked for no colours (<https://no-color.org>).
    pub color: bool,
    /// Standard error is a terminal: progress may be shown there.
    pub progress: bool,
}

impl Console {
    pub fn new(lang: Lang, json: bool) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            lang,
            json,
            color: !no_color && !json && io::stdout().is_terminal(),
            progress: io::stderr().is_terminal(),
        }
    }

    /// A message in the reader's language.
    pub fn text(&self, text: &Text, values: &[(&str, &dyn Display)]) -> String {
        text.with(self.lang, values)
    }

    /// Something said on the way: to the reader, never into a JSON answer.
    pub fn say(&self, text: &Text, values: &[(&str, &dyn Display)]) {
        self.note(&self.text(text, values));
    }

    /// As [`Console::say`], for a line that is no message.
    pub fn note(&self, line: &str) {
        if self.json {
            eprintln_quietly(line);
        } else {
            self.line(line);
        }
    }

    /// A line on standard output. A reader that went away (`| head`) is no error.
    pub fn line(&self, line: &str) {
        let _ = self.try_line(line);
    }

    /// As [`Console::line`], for who has no reason to go on when nobody reads.
    pub fn try_line(&self, line: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{line}")
    }

    /// The answer as JSON.
    pub fn answer(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.line(&serde_json::to_string_pretty(value)?);
        Ok(())
    }

    pub fn error(&self, message: &str) {
        eprintln_quietly(message);
    }

    /// Rows under their headings, in columns as wide as their widest cell.
    pub fn table(&self, headings: &[&Text], rows: &[Vec<String>]) {
        let headings = headings
            .iter()
            .map(|text| text.get(self.lang).to_owned())
            .collect();
        for line in columns(&[vec![headings], rows.to_vec()].concat()) {
            self.line(&line);
        }
    }
}

fn eprintln_quietly(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
            .trim_end()
            .to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_accents() {
        let rows = [
            vec!["état".to_owned(), "x".to_owned()],
            vec!["a".to_owned(), "y".to_owned()],
        ];
        assert_eq!(columns(&rows), ["  état  x", "  a     y"]);
    }
}
