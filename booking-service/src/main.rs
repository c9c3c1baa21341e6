//! The process of the booking service (port 3003).

use std::process::ExitCode;

use booking_service::{Config, start};

fn main() -> ExitCode {
    service_kit::process::run("booking", &[], Config::read, |config| &config.kit, start)
}
