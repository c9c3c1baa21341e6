//! A judgement in the learner's words: what was sent, what was expected, what came.

use escale_exercises::{Difference, Failure, Judged, Message};

use crate::cargo_build::Diagnostic;
use crate::console::Console;
use crate::texts::exercise_check as texts;

const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const PLAIN: &str = "\x1b[0m";
const INDENT: &str = "         ";

/// A criterion, met or not.
pub fn judged(one: &Judged, console: &Console) -> Vec<String> {
    let (mark, color) = match one.failure {
        None => (texts::MARK_MET, GREEN),
        Some(_) => (texts::MARK_NOT_MET, RED),
    };
    let mark = colored(&format!("{:<4}", mark.get(console.lang)), color, console);
    let rules = match one.rules.is_empty() {
        true => String::new(),
        false => format!(" ({})", one.rules.join(", ")),
    };
    let mut lines = vec![format!("  {mark} {}{rules}", one.title.get(console.lang))];
    match &one.failure {
        None => {}
        Some(Failure::Differs(difference)) => lines.extend(differs(difference, console)),
        Some(failure) => lines.extend(indented(&why(failure, console))),
    }
    lines
}

/// Why the check could not go on.
pub fn why(failure: &Failure, console: &Console) -> String {
    match failure {
        Failure::Panicked(panic) => console.text(
            &texts::PANICKED,
            &[("place", &panic.place), ("text", &panic.text)],
        ),
        Failure::NotStarted { program, said } => console.text(
            &texts::NOT_STARTED,
            &[
                ("program", program),
                ("said", &said_or_nothing(said, console)),
            ],
        ),
        Failure::WentAway { program, said } => console.text(
            &texts::WENT_AWAY,
            &[
                ("program", program),
                ("said", &said_or_nothing(said, console)),
            ],
        ),
        Failure::Stuck { sent, seconds } => {
            console.text(&texts::STUCK_CALL, &[("sent", sent), ("seconds", seconds)])
        }
        Failure::TooLong { seconds } => console.text(&texts::TOO_LONG, &[("seconds", seconds)]),
        Failure::Broken(fault) => console.text(&texts::BROKEN, &[("fault", fault)]),
        Failure::Differs(_) => failure.to_string(),
    }
}

/// An error of the compiler: its place first.
pub fn compiler_error(error: &Diagnostic, console: &Console) -> Vec<String> {
    let place = match &error.file {
        Some(file) => format!("{}:{}:{}", file.display(), error.line, error.column),
        None => console.text(&texts::NO_PLACE, &[]),
    };
    let mut lines = vec![format!("{}: {}", colored(&place, RED, console), error.text)];
    lines.extend(indented(error.rendered.trim_end()));
    lines
}

fn differs(difference: &Difference, console: &Console) -> Vec<String> {
    let mut lines = field(texts::SENT.get(console.lang), &difference.sent);
    if difference.times > 1 {
        let times = console.text(&texts::TIMES, &[("times", &difference.times)]);
        lines.extend(field("", &times));
    }
    let expected = difference.expected.get(console.lang);
    lines.extend(field(texts::EXPECTED.get(console.lang), expected));
    lines.extend(field(texts::CAME.get(console.lang), &difference.came));
    if let Some(note) = difference
        .note
        .as_ref()
        .map(|note: &Message| note.get(console.lang))
    {
        lines.extend(field(texts::NOTE.get(console.lang), note));
    }
    lines
}

/// The label, then the value; its further lines stand under its first.
fn field(label: &str, value: &str) -> Vec<String> {
    let mut lines = value.lines();
    let first = lines.next().unwrap_or_default();
    let first = format!("{INDENT}{label:<10}{first}");
    let rest = lines.map(|line| format!("{INDENT}{:<10}{line}", ""));
    std::iter::once(first).chain(rest).collect()
}

fn indented(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| format!("{INDENT}{line}"))
}

fn said_or_nothing(said: &str, console: &Console) -> String {
    match said.trim() {
        "" => console.text(&texts::SAID_NOTHING, &[]),
        said => said.to_owned(),
    }
}

fn colored(text: &str, color: &str, console: &Console) -> String {
    match console.color {
        true => format!("{color}{text}{PLAIN}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use escale_exercises::Panic;

    use super::*;
    use crate::texts::Lang;

    const CONSOLE: Console = Console {
        lang: Lang::Fr,
        json: false,
        color: false,
        progress: false,
    };

    fn told(failure: Option<Failure>) -> String {
        let one = Judged {
            id: "another-client".to_owned(),
            rules: vec!["L6".to_owned(), "R11".to_owned()],
            title: Message::new("un autre client n'est pas touché", "another client is free"),
            failure,
        };
        judged(&one, &CONSOLE).join("\n")
    }

    #[test]
    fn a_criterion_that_is_met_is_one_line_with_its_rules() {
        assert_eq!(
            told(None),
            "  ok   un autre client n'est pas touché (L6, R11)"
        );
    }

    #[test]
    fn one_that_is_not_says_what_was_sent_expected_and_received() {
        let failure = Failure::seen("curl -sS x", Message::plain(200), "429 {\n}")
            .times(3)
            .note("par adresse", "by address");
        assert_eq!(
            told(Some(failure)),
            "  NON  un autre client n'est pas touché (L6, R11)\n\
             \x20        envoyé    curl -sS x\n\
             \x20                  (le dernier de 3 envois)\n\
             \x20        attendu   200\n\
             \x20        reçu      429 {\n\
             \x20                  }\n\
             \x20        à savoir  par adresse"
        );
    }

    #[test]
    fn a_panic_is_told_with_its_place() {
        let said = why(
            &Failure::Panicked(Panic {
                place: "gateway/src/jail.rs:4:1".to_owned(),
                text: "no entry".to_owned(),
            }),
            &CONSOLE,
        );
        assert!(said.contains("gateway/src/jail.rs:4:1") && said.contains("no entry"));
    }

    #[test]
    fn a_program_that_said_nothing_is_not_quoted() {
        let failure = Failure::NotStarted {
            program: "stage".to_owned(),
            said: " \n".to_owned(),
        };
        assert!(why(&failure, &CONSOLE).contains("rien"));
    }
}
