//! Builds the learner's code for `check` and `attack`, and tells what is wrong with it.

use std::fmt::Display;

use escale_exercises::Programs;

use crate::cargo_build::{BuildError, Diagnostic};
use crate::console::Console;
use crate::exercise::building::{Site, build_programs, own_first};
use crate::exercise::catalogue::Exercise;
use crate::exercise::desk::Desk;
use crate::exercise::telling::compiler_error;
use crate::outcome::Refusal;
use crate::texts::{exercise_check as texts, start};

/// The programs, or the compiler's errors, which have been told.
pub(super) async fn built(
    desk: &Desk,
    exercise: &Exercise,
) -> anyhow::Result<Result<Programs, Vec<Diagnostic>>> {
    let console = desk.console;
    if console.progress {
        console.error(&console.text(&texts::BUILDING, &[]));
    }
    let (workspace, card) = (desk.workspace.clone(), exercise.card.clone());
    // On a thread of its own: Ctrl-C must be heard meanwhile.
    let building = tokio::task::spawn_blocking(move || {
        build_programs(
            &card,
            Site {
                workspace: &workspace,
                target: None,
                progress: console.progress,
                color: console.color,
            },
        )
    });
    match building.await? {
        Ok(programs) => Ok(Ok(programs)),
        Err(BuildError::NoCargo(error)) => {
            Err(desk.refusal(&start::NO_CARGO, &[("error", &error)]).into())
        }
        Err(BuildError::Failed { errors, said }) if errors.is_empty() => {
            let text = console.text(&texts::CARGO_SAID, &[("said", &said.trim_end())]);
            Err(Refusal::Check(text).into())
        }
        Err(BuildError::Failed { errors, .. }) => {
            let errors = own_first(errors, &exercise.card.files);
            tell(&errors, exercise, &console);
            Ok(Err(errors))
        }
    }
}

fn tell(errors: &[Diagnostic], exercise: &Exercise, console: &Console) {
    console.say(&texts::DOES_NOT_COMPILE, &[]);
    for line in errors
        .iter()
        .flat_map(|error| compiler_error(error, console))
    {
        console.note(&line);
    }
    let files = &exercise.card.files;
    if !errors.iter().any(|error| error.is_in(files)) {
        let files: Vec<_> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let values: [(&str, &dyn Display); 2] =
            [("files", &files.join(", ")), ("lab", &exercise.number())];
        console.say(&texts::ERRORS_ELSEWHERE, &values);
    }
}
