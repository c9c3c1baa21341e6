//! The command line. Its help is in [`crate::texts::help`], in both languages.

mod localised;
mod usage_error;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use url::Url;

use crate::console::Console;
use crate::service::Service;
use crate::texts::Lang;
pub use usage_error::EarlyEnd;

#[derive(Debug, Parser)]
#[command(
    name = "lab",
    bin_name = "cargo lab",
    version,
    subcommand_required = true
)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    Up(Up),
    Down {
        service: Option<Service>,
    },
    Status,
    Logs(Logs),
    Doctor,
    Certs(Certs),
    Accounts,
    #[command(subcommand_required = true, disable_help_subcommand = true)]
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
    Token(Token),
    Demo(Target),
    Jail(Jail),
    /// The background half of `up --detach`.
    #[command(hide = true)]
    Supervise {
        plan: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Up {
    #[arg(long)]
    pub detach: bool,
    #[arg(long)]
    pub fresh: bool,
    #[arg(long, conflicts_with = "no_build")]
    pub release: bool,
    #[arg(long)]
    pub no_build: bool,
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "SERVICE,...",
        conflicts_with = "without"
    )]
    pub only: Vec<Service>,
    #[arg(long, value_delimiter = ',', value_name = "SERVICE,...")]
    pub without: Vec<Service>,
    #[arg(long = "port", value_name = "SERVICE=PORT")]
    pub ports: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Logs {
    pub service: Option<Service>,
    #[arg(long, short)]
    pub follow: bool,
    #[arg(long, short = 'n', value_name = "N")]
    pub lines: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Certs {
    #[arg(value_enum)]
    pub action: Option<CertsAction>,
    #[arg(long, conflicts_with = "action")]
    pub renew: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CertsAction {
    Make,
    Renew,
    Show,
}

#[derive(Debug, Args)]
#[group(skip)]
pub struct Token {
    #[arg(
        long,
        value_name = "PSEUDO",
        conflicts_with = "client",
        required_unless_present = "client"
    )]
    pub user: Option<String>,
    #[arg(long, value_name = "ID")]
    pub client: Option<String>,
    #[arg(long, requires = "client", conflicts_with = "user")]
    pub scope: Option<String>,
    #[command(flatten)]
    pub target: Target,
}

#[derive(Debug, Args)]
pub struct Jail {
    #[arg(value_enum)]
    pub action: JailAction,
    #[arg(value_name = "ADDRESS", required_if_eq("action", "free"))]
    pub key: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JailAction {
    List,
    Free,
}

#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    Verify { file: Option<PathBuf> },
    Show(AuditShow),
}

/// Which records are shown.
#[derive(Debug, Args)]
pub struct AuditShow {
    pub file: Option<PathBuf>,
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    #[arg(long, value_name = "ID")]
    pub request: Option<String>,
    #[arg(long, short = 'n', value_name = "N")]
    pub last: Option<usize>,
}

/// Which gateway is spoken to.
#[derive(Debug, Args)]
pub struct Target {
    #[arg(long)]
    pub url: Option<Url>,
    #[arg(long, value_name = "PEM")]
    pub cacert: Option<PathBuf>,
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
    let asked = following
        .or(joined)
        .and_then(|value| Lang::from_str(value, true).ok());
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
            "lab jail list --json",
            "lab jail free 203.0.113.9",
            "lab jail free user:7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10",
            "lab demo --url https://localhost:1 --cacert x.pem",
        ] {
            assert!(read(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for line in [
            "lab",
            "lab fly",
            "lab audit",
            "lab audit burn",
            "lab up --only auth --without bank",
            "lab up --only nobody",
            "lab token",
            "lab token --user alice --client app",
            "lab token --user alice --scope tours:read",
            "lab certs renew --renew",
            "lab up --lang de",
            "lab jail",
            "lab jail free",
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
