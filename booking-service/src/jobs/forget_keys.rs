//! Forgets Idempotency-Keys after their day, so that the table does not grow for ever.

use service_kit::clock::Timestamp;

use crate::store::Bookings;

/// Deletes the keys whose lifetime is over at `now`. A failure is logged; the next run tries again.
pub async fn forget_keys(bookings: &Bookings, now: Timestamp) {
    match bookings.forget_keys(now).await {
        Ok(0) => {}
        Ok(forgotten) => tracing::debug!(forgotten, "idempotency keys forgotten"),
        Err(error) => tracing::error!(%error, "idempotency keys could not be forgotten"),
    }
}
