//! The one word that may stand on a service's command line. Too few to be worth a parser in what faces the network.

use std::ffi::OsString;

use crate::health;

/// A word that one service alone knows. What it does ends the process.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub name: &'static str,
    pub run: fn() -> anyhow::Result<()>,
}

/// What the command line asks for.
#[derive(Debug)]
pub(super) enum Asked {
    ToServe,
    Health,
    Own(Word),
}

impl Asked {
    /// # Errors
    /// What is not understood, answered with every word that is.
    pub(super) fn of(line: &[OsString], own: &[Word]) -> Result<Self, String> {
        let [word] = line else {
            return match line {
                [] => Ok(Self::ToServe),
                _ => Err(known(own)),
            };
        };
        if word == health::VERB {
            return Ok(Self::Health);
        }
        let own_word = own.iter().find(|known| word == known.name);
        own_word.copied().map(Self::Own).ok_or_else(|| known(own))
    }
}

fn known(own: &[Word]) -> String {
    let own = own.iter().map(|word| word.name);
    let words: Vec<_> = [health::VERB]
        .into_iter()
        .chain(own)
        .map(|word| format!("\"{word}\""))
        .collect();
    format!(
        "serves when it is given no word; the words that it knows, one at a time: {}",
        words.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Word = Word {
        name: "sample",
        run: || Ok(()),
    };

    fn asked(line: &str, own: &[Word]) -> Result<Asked, String> {
        let line: Vec<_> = line.split_whitespace().map(OsString::from).collect();
        Asked::of(&line, own)
    }

    #[test]
    fn a_word_is_understood_where_it_is_known_and_alone() {
        assert!(matches!(asked("", &[]), Ok(Asked::ToServe)));
        assert!(matches!(asked("health", &[SAMPLE]), Ok(Asked::Health)));
        let own = asked("sample", &[SAMPLE]);
        assert!(matches!(own, Ok(Asked::Own(word)) if word.name == "sample"));
        for line in ["sample", "health now", "health sample", "--help"] {
            assert!(asked(line, &[]).is_err(), "{line}");
        }
    }

    #[test]
    fn a_refusal_names_every_word_that_is_known() {
        let refusal = asked("fly", &[SAMPLE]).expect_err("unknown");
        assert!(refusal.ends_with("\"health\", \"sample\""), "{refusal}");
        let refusal = asked("fly", &[]).expect_err("unknown");
        assert!(refusal.ends_with("\"health\""), "{refusal}");
    }
}
