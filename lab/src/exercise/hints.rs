//! `hints.fr.md`, `hints.en.md`: a question, then a pointer, then the shape of the code.

use std::path::Path;

/// In the order in which they are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hints(pub [String; 3]);

#[derive(Debug, thiserror::Error)]
pub enum HintFault {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error(
        "{path}: three hints are wanted, under \"## 1\", \"## 2\" and \"## 3\", each with a text"
    )]
    NotThree { path: String },
}

impl Hints {
    pub fn read(path: &Path) -> Result<Self, HintFault> {
        let shown = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).ok_or(HintFault::NotThree { path: shown }),
            Err(error) => Err(HintFault::Unreadable { path: shown, error }),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut hints: Vec<String> = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("## ") {
                Some(number) if number.trim() == (hints.len() + 1).to_string() => {
                    hints.push(String::new());
                }
                Some(_) => return None,
                // What stands before the first is a title.
                None => hints
                    .last_mut()
                    .into_iter()
                    .for_each(|hint| hint.extend([line, "\n"])),
            }
        }
        let hints: Vec<_> = hints.iter().map(|hint| hint.trim().to_owned()).collect();
        let hints: [String; 3] = hints.try_into().ok()?;
        hints
            .iter()
            .all(|hint| !hint.is_empty())
            .then_some(Self(hints))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hints_are_read_whatever_the_ends_of_lines() {
        let text = "# Indices\r\n\r\n## 1\r\n\r\nQui ?\r\n\r\n## 2\r\nLà.\r\n\r\nEt là.\r\n## 3\r\n`x`\r\n";
        let hints = Hints::parse(text).expect("three");
        assert_eq!(hints.0, ["Qui ?", "Là.\n\nEt là.", "`x`"]);
    }

    #[test]
    fn two_four_empty_or_misnumbered_hints_are_refused() {
        for text in [
            "## 1\na\n## 2\nb\n",
            "## 1\na\n## 2\nb\n## 3\nc\n## 4\nd\n",
            "## 1\na\n## 2\n\n## 3\nc\n",
            "## 1\na\n## 3\nb\n## 2\nc\n",
            "",
        ] {
            assert_eq!(Hints::parse(text), None, "{text:?}");
        }
    }
}
