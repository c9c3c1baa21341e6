//! The test bank's process; see `payment_service::test_bank` for what it does.

use std::process::ExitCode;

use payment_service::test_bank::{self, Config};

fn main() -> ExitCode {
    service_kit::process::run(
        "bank",
        &[],
        Config::read,
        |config| &config.kit,
        test_bank::start,
    )
}
