//! The payment-service process; see the library for what it does.

use std::process::ExitCode;

use payment_service::Config;

fn main() -> ExitCode {
    service_kit::process::run(
        "payment",
        &[],
        Config::read,
        |config| &config.kit,
        payment_service::start,
    )
}
