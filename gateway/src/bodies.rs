//! What the layers that look at bodies share: the clock, and how long a body may take.

mod metered;

use std::time::Duration;

use service_kit::clock::Clock;

pub use metered::{BodyFault, Metered, Verdict};

#[derive(Debug, Clone)]
pub struct Bodies {
    /// What `today` is, for schemas.
    pub clock: Clock,
    /// `HTTP_BODY_SECONDS`: from a request's head to the end of its body.
    pub patience: Duration,
}
