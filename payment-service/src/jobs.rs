//! The background job: takes up steps that are due, whoever has begun them.

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;

use crate::state::AppState;

const EVERY: Duration = Duration::from_secs(1);

/// So many payments a round, so many of them at one time: a bank that comes back is not run down.
const ROUND: i64 = 64;
const AT_ONCE: usize = 8;

pub fn start(state: &AppState) {
    let of_job = state.clone();
    state.life.every(EVERY, move || {
        let state = of_job.clone();
        async move {
            if let Err(error) = resume_due(&state, state.life.clock.now()).await {
                tracing::error!(%error, "the steps that are due cannot be read");
            }
        }
    });
}

/// Drives on every payment whose next step is due at `now`.
pub async fn resume_due(state: &AppState, now: Timestamp) -> Result<(), sqlx::Error> {
    let due = state.store.due(now, ROUND).await?;
    stream::iter(due)
        .for_each_concurrent(AT_ONCE, |payment_id| async move {
            if !state.life.is_stopping() {
                let context = RequestContext::begin();
                state.worker.drive(payment_id, &context).await;
            }
        })
        .await;
    Ok(())
}
