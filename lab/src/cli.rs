//! The command line. Its help is in [`crate::texts::help`], in both languages.

pub mod exercises;
pub mod gateway;
mod localised;
pub mod platform;
pub mod teacher;
mod usage_error;

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{FromArgMatches, Parser, Subcommand};

use crate::console::Console;
use crate::texts::Lang;
use exercises::ExerciseVerb;
use gateway::GatewayVerb;
use platform::PlatformVerb;
use teacher::TeacherVerb;
pub use usage_error::EarlyEnd;

#[derive(Debug, Parser)]
#[command(name = "lab", bin_name = "cargo lab", version)]
pub struct Cli {
    /// Without one: where the learner is, and what is next.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_parser = lang_parser())]
    pub lang: Option<Lang>,
}

/// The verbs, a family a file; `--help` shows them in this order.
#[derive(Debug, Subcommand)]
pub enum Verb {
    #[command(flatten)]
    Exercise(ExerciseVerb),
    #[command(flatten)]
    Platform(PlatformVerb),
    #[command(flatten)]
    Gateway(GatewayVerb),
    #[command(flatten)]
    Teacher(TeacherVerb),
}

fn lang_parser() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code))
        .map(|code| Lang::of_code(&code).expect("one of the possible values"))
}

/// Reads the command line; the language is known even where it cannot be understood.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<(Cli, Console), EarlyEnd> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = language(&arguments);
    let end = |error| EarlyEnd { error, lang };
    let matches = localised::command(lang)
        .try_get_matches_from(arguments)
        .map_err(end)?;
    let cli = Cli::from_arg_matches(&matches).map_err(end)?;
    let console = Console::new(cli.lang.unwrap_or(lang), cli.json);
    Ok((cli, console))
}

/// `--lang`, else the locale: looked for before everything else, as refusals and help are in that language too.
fn language(arguments: &[OsString]) -> Lang {
    let texts: Vec<_> = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .collect();
    let following = texts
        .windows(2)
        .find(|pair| pair[0] == "--lang")
        .map(|pair| pair[1]);
    let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
    let asked = following.or(joined).and_then(Lang::of_code);
    let variable = |key| std::env::var(key).ok();
    asked.unwrap_or_else(|| {
        Lang::of_locale(variable("LC_ALL").as_deref(), variable("LANG").as_deref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Cli, clap::error::ErrorKind> {
        let arguments = line.split(' ').map(OsString::from);
        parse(arguments)
            .map(|(cli, _)| cli)
            .map_err(|end| end.error.kind())
    }

    #[test]
    fn the_verbs_of_the_design_are_understood() {
        for line in [
            "lab",
            "lab --json",
            "lab list",
            "lab start 04 --no-branch",
            "lab attack 04",
            "lab check",
            "lab check rate-limiting --json",
            "lab watch 4",
            "lab hint 04 --again",
            "lab quiz 04 --answers b,a,c,d,a",
            "lab diff --unlock",
            "lab reset 04",
            "lab leave 04 --json",
            "lab next --no-branch",
            "lab branches --force",
            "lab up",
            "lab up --detach --fresh --release --only auth,catalog --port gateway=8443",
            "lab up --without bank --lang en",
            "lab down",
            "lab down catalog",
            "lab status --json",
            "lab logs",
            "lab logs bank --follow -n 20",
            "lab doctor",
            "lab certs",
            "lab certs renew",
            "lab certs --renew",
            "lab accounts --json",
            "lab audit verify",
            "lab audit verify gateway.jsonl --json",
            "lab audit show --user 7 --action booking.create --last 20 --json",
            "lab token --user alice",
            "lab token --client app --scope tours:read",
            "lab token --expired",
            "lab postman",
            "lab postman --output mine.json --url https://localhost:1 --json",
            "lab postman --collection",
            "lab jail list --json",
            "lab jail free 203.0.113.9",
            "lab jail free user:7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10",
            "lab demo --url https://localhost:1 --cacert x.pem",
            "lab verify",
            "lab verify 04 05 --json",
            "lab handout class --roster students.csv --labs 03,04",
            "lab grade class other --lab 04 --roster students.csv --out marks --seed word",
        ] {
            assert!(read(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for line in [
            "lab fly",
            "lab start",
            "lab check 04 05",
            "lab audit",
            "lab audit burn",
            "lab up --only auth --without bank",
            "lab up --only nobody",
            "lab token",
            "lab token --user alice --client app",
            "lab token --user alice --scope tours:read",
            "lab token --user alice --expired",
            "lab postman --collection --output mine.json",
            "lab certs renew --renew",
            "lab up --lang de",
            "lab jail",
            "lab jail free",
            "lab handout",
            "lab grade",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_language_is_known_even_of_a_line_that_is_not_understood() {
        let arguments = ["lab", "--nonsense", "--lang=en"].map(OsString::from);
        assert_eq!(language(&arguments), Lang::En);
    }
}
