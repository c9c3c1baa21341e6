//! `cargo lab`: see `cargo lab --help`.

use std::process::ExitCode;

use escale_lab::{cli, commands};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok((cli, console)) => commands::run(cli, console),
        Err(end) => end.show(),
    }
}
