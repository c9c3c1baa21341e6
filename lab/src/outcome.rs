//! How a command ends: its exit code, and what it refuses with.

use std::process::ExitCode;

use service_kit::process::EXIT_CONFIG;

use crate::certs::CertsError;

/// The end of a command that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It worked, and what it looked at is not as it should be.
    CheckFailed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::CheckFailed => Self::FAILURE,
        }
    }
}

/// The end of a command that could not, told in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Check(String),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Configuration(String),
}

/// 1: a check failed, or anything else; 2: wrong use; 78: configuration.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<Refusal>() {
        Some(Refusal::Check(_)) => 1,
        Some(Refusal::Usage(_)) => 2,
        Some(Refusal::Configuration(_)) => EXIT_CONFIG,
        None if error.is::<CertsError>() => EXIT_CONFIG,
        None => 1,
    }
}
