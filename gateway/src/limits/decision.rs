//! What a limit says of one request, and how the client is told.

use std::sync::Arc;

use service_kit::error::{ApiError, Code};

use crate::route_table::{ADDRESS, DAILY, LimitClass};

/// What a limiter says of one request.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The policy's name, its limit and its window.
    pub class: Arc<LimitClass>,
    pub allowed: bool,
    /// Requests that may follow at once.
    pub remaining: u32,
    /// Seconds, at least 1, until there is more than `remaining`.
    pub reset: u64,
}

impl Decision {
    /// The refusal in the course's words (L6-L8).
    pub fn refusal(&self) -> ApiError {
        let code = match &*self.class.name {
            ADDRESS => Code::TooManyRequests,
            DAILY => Code::DailyQuotaExceeded,
            _ => Code::EndpointLimitReached,
        };
        ApiError::new(code)
            .violating(&*self.class.name)
            .retry_after(self.reset)
    }
}
