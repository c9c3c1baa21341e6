//! Waiting for a payment's outcome, whoever drives it.

use std::time::Duration;

use service_kit::error::ApiError;
use tokio::sync::broadcast;
use uuid::Uuid;

use super::Worker;
use crate::domain::payment::{Outcome, Payment};

/// Another process may do the step, and only the database tells of it: a waiting request looks this often.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

impl Worker {
    /// Waits until the payment's outcome is known, at most `limit` of real time; then gives it as it is.
    pub async fn wait_for_outcome(
        &self,
        payment_id: Uuid,
        limit: Duration,
    ) -> Result<Payment, ApiError> {
        let mut progress = self.progress.subscribe();
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            let payment = self.store.find(payment_id).await?;
            let payment = payment.ok_or_else(|| ApiError::internal("a payment has vanished"))?;
            let now = tokio::time::Instant::now();
            if payment.outcome() != Outcome::Pending || now >= deadline {
                return Ok(payment);
            }
            let pause = tokio::time::sleep_until(deadline.min(now + LOOK_AGAIN));
            tokio::select! {
                () = pause => {}
                () = progress_of(&mut progress, payment_id) => {}
            }
        }
    }
}

async fn progress_of(progress: &mut broadcast::Receiver<Uuid>, payment_id: Uuid) {
    loop {
        match progress.recv().await {
            Ok(id) if id != payment_id => {}
            // Ours, or too many to know: look.
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            // Nothing more will come; the caller's pause ends the wait.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
