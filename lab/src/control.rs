//! The supervisor's control channel: TCP on loopback, so that it is the same on every system. The first line is the
//! secret of the state file, the second a request in JSON; one line of JSON is the answer.
//!
//! Other users of the machine can connect, but they cannot read the secret.

pub mod client;
pub mod server;

use serde::{Deserialize, Serialize};

use crate::service::Service;
use crate::service_status::ServiceStatus;

/// The longest line that is read, in bytes: more is no request of ours.
const LONGEST_LINE: u64 = 4 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "lowercase")]
pub enum Request {
    Status,
    /// Answered when the service has ended; without a service, when all have, and the supervisor ends too.
    Stop {
        service: Option<Service>,
    },
    /// Answered when the process runs; whether it gets ready is seen by asking for the status.
    Start {
        service: Service,
    },
}

/// All services that were ever started, in their fixed order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub services: Vec<ServiceStatus>,
}
