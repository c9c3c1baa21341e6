//! The bank and booking over mTLS (L14). Their answers are foreign data (API10:2023): bounded in size, read by a
//! strict schema, compared with what was asked; a redirect is never followed. What is not understood is not known.

pub mod bank;
pub mod booking;
pub(crate) mod charge_answer;

use std::time::Duration;

/// One call, from the connection to the last byte of the answer. Longer than a slow bank takes.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(5);
