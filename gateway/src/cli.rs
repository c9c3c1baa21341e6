//! `gateway explain METHOD PATH` and `gateway check [FILE]`: what the policy says, without starting anything.
//!
//! They read the table that the gateway itself would read (`ROUTES_FILE`, or the built-in one) with the same reader,
//! and need no certificate, no key and no running service. French, or English by `--lang`, `LC_ALL` or `LANG`.
//!
//! ```sh
//! cargo run -p gateway -- explain GET /api/tours/search
//! cargo run -p gateway -- check gateway/routes.toml
//! ```
//!
//! Exit codes: 0 done, 2 wrong use, 78 (`EX_CONFIG`) for a table that the gateway would not start with.

mod arguments;
mod check;
mod explain;
mod faults;
mod layers;
mod outcome;
mod policy;
mod table;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use http::Method;
use service_kit::config::Settings;
use service_kit::error::Language;
use service_kit::health;
use service_kit::process::EXIT_CONFIG;

use crate::route_table::{RouteTable, Source, Written};
use arguments::{Arguments, Verb};
pub use layers::ORDER;

/// What is printed, and how the process ends.
#[derive(Debug)]
struct Answer {
    out: String,
    err: String,
    code: u8,
}

/// `None` when there is nothing to explain: without arguments the gateway is to be started, and `health` is a word of
/// every service.
pub fn run(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let arguments: Vec<String> = arguments
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    if arguments.is_empty() || arguments == [health::VERB] {
        return None;
    }
    let answer = answer(&arguments, &Settings::from_process());
    // A reader that has gone (`| head`) has seen what he wanted.
    let _ = std::io::stdout().write_all(answer.out.as_bytes());
    let _ = std::io::stderr().write_all(answer.err.as_bytes());
    Some(ExitCode::from(answer.code))
}

fn answer(arguments: &[String], settings: &Settings) -> Answer {
    let arguments = match Arguments::read(arguments, settings) {
        Ok(arguments) => arguments,
        Err(usage) => return Answer::refused(usage, 2),
    };
    match &arguments.verb {
        Verb::Help => Answer::done(arguments::usage(arguments.language)),
        Verb::Check { file } => {
            let source = match file {
                Some(file) => {
                    Source::of_file(file).map_err(|error| format!("{}: {error}\n", file.display()))
                }
                None => source(settings, arguments.language),
            };
            source.map_or_else(unusable, |source| check::check(&source, &arguments))
        }
        Verb::Explain { method, target } => {
            let source = source(settings, arguments.language);
            source.map_or_else(unusable, |source| {
                explain(&source, method, target, &arguments)
            })
        }
    }
}

/// A table with a fault decides nothing, so there is nothing to explain but its faults.
fn explain(source: &Source, method: &Method, target: &str, arguments: &Arguments) -> Answer {
    let (Ok(table), Some(written)) = (RouteTable::read(&source.text), Written::read(&source.text))
    else {
        return check::check(source, arguments);
    };
    let explanation = explain::Explanation::of(&table, &written, method, target);
    Answer::done(if arguments.json {
        explanation.to_json(&source.name, arguments.language)
    } else {
        explanation.to_text(&source.name, arguments.language)
    })
}

fn source(settings: &Settings, language: Language) -> Result<Source, String> {
    let mut source = settings
        .load(Source::read)
        .map_err(|faults| faults.to_string())?;
    if source == Source::built_in() {
        let name = language.pick("routes.toml, dans le programme", "routes.toml, built in");
        source.name = name.to_owned();
    }
    Ok(source)
}

fn unusable(fault: String) -> Answer {
    Answer::refused(fault, EXIT_CONFIG)
}

impl Answer {
    fn done(out: String) -> Self {
        let (err, code) = (String::new(), 0);
        Self { out, err, code }
    }

    fn refused(err: String, code: u8) -> Self {
        let out = String::new();
        Self { out, err, code }
    }
}

#[cfg(test)]
mod tests;
