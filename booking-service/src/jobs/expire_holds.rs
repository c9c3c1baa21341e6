//! Gives the seats of unpaid bookings back once their hold is over.
//!
//! Nothing waits for this job: creation expires the holds of its own day first, and every reading looks at the clock.
//! It keeps the table true, and the number of overdue rows small.

use service_kit::clock::Timestamp;

use crate::store::Bookings;

/// Expires every hold that is over at `now`. A failure is logged; the next run tries again.
pub async fn expire_holds(bookings: &Bookings, now: Timestamp) {
    loop {
        match bookings.expire_a_day(now).await {
            Ok(Some(expired)) => tracing::debug!(expired, "holds ran out"),
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "holds could not be expired");
                return;
            }
        }
    }
}
