//! The gateway's process.

use std::process::ExitCode;

use gateway::Config;

fn main() -> ExitCode {
    service_kit::process::run(
        "gateway",
        Config::read,
        |config| &config.kit,
        gateway::start,
    )
}
