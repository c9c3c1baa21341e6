//! The catalogue as a process: `cargo run -p catalog-service`, or `cargo lab up` with all the others.

use std::process::ExitCode;

use catalog_service::Config;

fn main() -> ExitCode {
    service_kit::process::run(
        "catalog",
        &[],
        Config::read,
        |config| &config.kit,
        catalog_service::start,
    )
}
