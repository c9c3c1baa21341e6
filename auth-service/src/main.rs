//! Starts the authorisation server with the process's environment.

use std::process::ExitCode;

use auth_service::config::Config;

fn main() -> ExitCode {
    if let Some(done) = auth_service::expired_token::run(std::env::args_os().skip(1)) {
        return done;
    }
    service_kit::process::run(
        "auth",
        Config::read,
        |config| &config.kit,
        auth_service::start,
    )
}
