//! `escale-prepare`: see `escale_lab::deployment`.

use std::process::ExitCode;

fn main() -> ExitCode {
    escale_lab::deployment::run(std::env::args_os().skip(1))
}
