//! The background jobs: they take up steps that are due, whoever has begun them.

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;

use crate::domain::step::Peer;
use crate::state::AppState;

const EVERY: Duration = Duration::from_secs(1);

/// So many payments a round, so many of them at one time: a bank that comes back is not run down.
const ROUND: i64 = 64;
const AT_ONCE: usize = 8;

/// A job for each peer: a round ends with its last call, and a bank that takes connections and does not answer must not
/// keep captured money from its confirmation.
pub fn start(state: &AppState) {
    for peer in Peer::ALL {
        let of_job = state.clone();
        state.life.every(EVERY, move || {
            let state = of_job.clone();
            async move {
                if let Err(error) = resume_due(&state, peer, state.life.clock.now()).await {
                    tracing::error!(%error, "the steps that are due cannot be read");
                }
            }
        });
    }
}

/// Drives on every payment whose next step calls `peer` and is due at `now`.
pub async fn resume_due(state: &AppState, peer: Peer, now: Timestamp) -> Result<(), sqlx::Error> {
    let due = state.store.due(peer, now, ROUND).await?;
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

#[cfg(test)]
mod tests {
    use escale_engines::{Engine, on_each_engine};
    use uuid::Uuid;

    use super::*;
    use crate::domain::payment::Outcome;
    use crate::domain::status::Status;
    use crate::domain::step::Step;
    use crate::testing::{Desk, Trouble};

    #[on_each_engine]
    async fn a_bank_that_does_not_answer_keeps_no_captured_money_from_its_confirmation(
        engine: Engine,
    ) {
        let desk = Desk::open(engine).await;
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let unanswered = desk.written_payment(user, booking, "tok_accepted").await;
        desk.world.trouble(Step::Authorise, Trouble::HangsBefore);
        start(&desk.state);
        desk.world.reached().await;

        let booking = desk.world.add_booking(user);
        let captured = desk.written_payment(user, booking, "tok_accepted").await;
        let context = RequestContext::begin();
        for _ in 0..2 {
            let turn = desk.state.worker.step(captured.id, &context).await;
            turn.expect("the store");
        }
        let limit = Duration::from_secs(20);
        let seen = desk.state.worker.wait_for_outcome(captured.id, limit).await;
        assert_eq!(seen.expect("the store").outcome(), Outcome::Paid);
        let unanswered = desk.payment(unanswered.id).await;
        assert_eq!(unanswered.status, Status::Created);
    }
}
