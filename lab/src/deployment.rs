//! What the platform in containers needs before its first start: certificates, keys, passwords and demo accounts, each in
//! the folder of the one service that may see it. docker-compose.yml runs `escale-prepare` once before everything else,
//! and mounts each folder, a volume of its own, into its service only (R5).
//!
//! ```text
//! escale-prepare             makes what is missing, renews certificates that end soon, hands all of it out
//! escale-prepare ca          prints the authority that callers from outside trust
//! escale-prepare accounts    prints the demo accounts with their passwords
//! ```
//!
//! `PREPARE_DIR` (default /secrets) holds the folders. `authority` is the only one that outlives `docker compose down`
//! for a reason: it has the originals, and whoever has it can play every service.

mod handing_out;
mod redis_users;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use service_kit::process::install_crypto_provider;

use crate::accounts::Accounts;
use crate::commands::{accounts, prepare};
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::{Refusal, exit_code};
use crate::texts::{Lang, deployment as texts, platform};

const DIR_KEY: &str = "PREPARE_DIR";
const DEFAULT_DIR: &str = "/secrets";

/// The program: its exit codes are those of `cargo lab`.
pub fn run(words: impl Iterator<Item = OsString>) -> ExitCode {
    install_crypto_provider();
    let variable = |key| std::env::var(key).ok();
    let lang = Lang::of_locale(variable("LC_ALL").as_deref(), variable("LANG").as_deref());
    let console = Console::new(lang, false);
    let dir = std::env::var_os(DIR_KEY).unwrap_or_else(|| DEFAULT_DIR.into());
    let words: Vec<_> = words.collect();
    match run_words(&words, &PathBuf::from(dir), &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let begin = console.text(&platform::ERROR, &[]);
            console.error(&format!("{begin} {error:#}"));
            ExitCode::from(exit_code(&error))
        }
    }
}

fn run_words(words: &[OsString], dir: &Path, console: &Console) -> anyhow::Result<()> {
    let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
    match words.as_slice() {
        [] => make(dir, console)?,
        ["ca"] => print_authority(dir, console)?,
        ["accounts"] => print_accounts(dir, console)?,
        _ => return Err(Refusal::Usage(console.text(&texts::USAGE, &[])).into()),
    }
    Ok(())
}

fn make(dir: &Path, console: &Console) -> anyhow::Result<()> {
    let originals = Layout::at(&dir.join("authority"));
    prepare::make_missing(&originals, console)?;
    handing_out::hand_out(&originals, dir)?;
    console.say(&texts::PREPARED, &[]);
    Ok(())
}

/// The file and not a word more: it is redirected into one. Read where it was handed out, so that who only asks for it
/// need not be given the originals.
fn print_authority(dir: &Path, console: &Console) -> anyhow::Result<()> {
    let pem = std::fs::read(dir.join("public/ca.pem")).map_err(|_| not_prepared(console))?;
    Ok(std::io::stdout().lock().write_all(&pem)?)
}

fn print_accounts(dir: &Path, console: &Console) -> anyhow::Result<()> {
    let handed_out = Accounts::read(&dir.join("auth/accounts.json"));
    accounts::table(&handed_out.map_err(|_| not_prepared(console))?, console);
    Ok(())
}

fn not_prepared(console: &Console) -> Refusal {
    Refusal::Configuration(console.text(&texts::NOT_PREPARED, &[]))
}

#[cfg(test)]
mod tests;
