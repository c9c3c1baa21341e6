//! Starts the authorisation server with the process's environment.

use std::process::ExitCode;

use auth_service::config::Config;

fn main() -> ExitCode {
    service_kit::process::run(
        "auth",
        &[auth_service::expired_token::WORD],
        Config::read,
        |config| &config.kit,
        auth_service::start,
    )
}
