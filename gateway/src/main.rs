//! The gateway's process.

use std::process::ExitCode;

use gateway::Config;

fn main() -> ExitCode {
    if let Some(done) = gateway::cli::run(std::env::args_os().skip(1)) {
        return done;
    }
    service_kit::process::run(
        "gateway",
        &[],
        Config::read,
        |config| &config.kit,
        gateway::start,
    )
}
