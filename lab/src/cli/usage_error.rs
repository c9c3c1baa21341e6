//! A command line that is not understood, said in the reader's language; help and version on the way.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::texts::{Lang, Text, usage};

const EXIT_USAGE: u8 = 2;

/// The command line was not understood, or asked for help.
#[derive(Debug)]
pub struct EarlyEnd {
    pub(super) error: Error,
    pub(super) lang: Lang,
}

impl EarlyEnd {
    pub fn show(&self) -> ExitCode {
        if matches!(
            self.error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        ) {
            // A reader that went away is no error.
            let _ = self.error.print();
            return ExitCode::SUCCESS;
        }
        eprintln!("{}", self.message());
        ExitCode::from(EXIT_USAGE)
    }

    fn message(&self) -> String {
        let verb = std::env::args()
            .skip(1)
            .find(|argument| !argument.starts_with('-'));
        let known = verb.filter(|verb| {
            let command = super::localised::command(self.lang);
            command.get_subcommands().any(|sub| sub.get_name() == verb)
        });
        let hints = [
            self.list(ContextKind::ValidValue)
                .map(|values| self.text(&usage::POSSIBLE, "values", &values)),
            [
                ContextKind::SuggestedArg,
                ContextKind::SuggestedSubcommand,
                ContextKind::SuggestedValue,
            ]
            .into_iter()
            .find_map(|kind| self.list(kind))
            .map(|suggestion| self.text(&usage::SUGGESTION, "suggestion", &suggestion)),
            Some(
                self.text(&usage::SEE_HELP, "verb", &known.unwrap_or_default())
                    .replace("  ", " "),
            ),
        ];
        let hints = hints
            .into_iter()
            .flatten()
            .map(|hint| format!("\n  {hint}"));
        self.what() + &hints.collect::<String>()
    }

    fn what(&self) -> String {
        let argument = self.list(ContextKind::InvalidArg).unwrap_or_default();
        let value = self.list(ContextKind::InvalidValue).unwrap_or_default();
        match self.error.kind() {
            ErrorKind::UnknownArgument => {
                self.text(&usage::UNKNOWN_ARGUMENT, "argument", &argument)
            }
            ErrorKind::InvalidSubcommand => {
                let verb = self
                    .list(ContextKind::InvalidSubcommand)
                    .unwrap_or_default();
                self.text(&usage::UNKNOWN_VERB, "argument", &verb)
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                usage::INVALID_VALUE.with(self.lang, &[("argument", &argument), ("value", &value)])
            }
            ErrorKind::MissingRequiredArgument => self.text(&usage::MISSING, "argument", &argument),
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                usage::MISSING_VERB.get(self.lang).to_owned()
            }
            ErrorKind::ArgumentConflict => {
                let other = self.list(ContextKind::PriorArg).unwrap_or_default();
                usage::CONFLICT.with(self.lang, &[("argument", &argument), ("other", &other)])
            }
            _ => usage::OTHER.get(self.lang).to_owned(),
        }
    }

    fn text(&self, text: &Text, key: &str, value: &str) -> String {
        text.with(self.lang, &[(key, &value)])
    }

    fn list(&self, kind: ContextKind) -> Option<String> {
        match self.error.get(kind)? {
            ContextValue::String(text) => Some(text.clone()),
            ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    #[test]
    fn a_mistake_is_told_in_the_language_asked_for_with_what_would_have_been_right() {
        for (line, words) in [
            (
                "lab down catalogue --lang fr",
                ["catalogue", "valeurs possibles : auth", "catalog"],
            ),
            (
                "lab doctro --lang en",
                ["unknown command: doctro", "did you mean doctor", "--help"],
            ),
            (
                "lab up --detatch --lang fr",
                ["option inconnue : --detatch", "--detach", "--help"],
            ),
            (
                "lab token --lang fr",
                ["il manque : --user", "Aide", "--help"],
            ),
        ] {
            let end = crate::cli::parse(line.split(' ').map(OsString::from)).expect_err(line);
            let message = end.message();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
    }
}
