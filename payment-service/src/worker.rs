//! Drives payments through their steps. The same function serves the request that pays and the background job that
//! takes up what was left, after an answer that never came or after a restart.

mod calls;
mod waiting;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use service_kit::context::RequestContext;
use service_kit::lifecycle::Lifecycle;
use tokio::sync::broadcast;
use tokio::time::timeout;
use uuid::Uuid;

use crate::domain::backoff;
use crate::domain::protocol::effect_of;
use crate::domain::step::Answer;
use crate::ports::{Bank, Bookings, NotKnown};
use crate::store::{Claim, PaymentStore};

/// A driver that says nothing for so long is taken for dead, and another takes its step up. One that is only frozen may
/// wake up and go on: its receiver does a step once, and the store takes one answer. So the lease can be short, and a
/// payment does not wait long for a process that was killed.
pub const LEASE: Duration = Duration::from_secs(4);

/// A driver whose call takes long says this often that it lives: three times may be late, or lost, before it is taken
/// for dead.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// Somebody should look at why a step has had no answer for so long.
const WORRYING: Duration = Duration::from_secs(120);

#[derive(Clone)]
pub struct Worker {
    store: PaymentStore,
    bank: Arc<dyn Bank>,
    bookings: Arc<dyn Bookings>,
    life: Lifecycle,
    /// Ids of payments whose step has just got its answer.
    progress: broadcast::Sender<Uuid>,
}

/// What one turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The step has its answer.
    Done,
    /// No answer is known; the step is due again later.
    PutOff,
    /// No step to do: none is open, none is due, or another driver has it.
    Nothing,
}

impl Worker {
    pub fn new(
        store: PaymentStore,
        bank: Arc<dyn Bank>,
        bookings: Arc<dyn Bookings>,
        life: Lifecycle,
    ) -> Self {
        let (progress, _) = broadcast::channel(256);
        Self {
            store,
            bank,
            bookings,
            life,
            progress,
        }
    }

    /// Drives a payment in a task of its own: a client that hangs up does not stop a call half-way.
    /// Nor does the deadline of the request that waits: the payment is ours to finish.
    pub fn start(&self, payment_id: Uuid, context: RequestContext) {
        let (worker, context) = (self.clone(), context.without_deadline());
        self.life
            .spawn(async move { worker.drive(payment_id, &context).await });
    }

    /// Does the payment's steps one after the other, as long as one is due and free. A failure of our own store
    /// ends it; the lease runs out and the background job goes on.
    pub async fn drive(&self, payment_id: Uuid, context: &RequestContext) {
        loop {
            match self.step(payment_id, context).await {
                Ok(Turn::Done) => {}
                Ok(Turn::PutOff) if !self.life.is_stopping() => {}
                Ok(Turn::PutOff | Turn::Nothing) => return,
                Err(error) => {
                    tracing::error!(%payment_id, %error, "a payment could not be driven on");
                    return;
                }
            }
        }
    }

    /// One step: claim, call, write down.
    pub async fn step(
        &self,
        payment_id: Uuid,
        context: &RequestContext,
    ) -> Result<Turn, sqlx::Error> {
        let now = self.life.clock.now();
        let Some(claim) = self.store.claim(payment_id, now, LEASE).await? else {
            return Ok(Turn::Nothing);
        };
        match self.call_while_claimed(&claim, context).await {
            Ok(answer) => self.record(&claim, answer).await,
            Err(reason) => self.put_off(&claim, &reason).await,
        }
    }

    /// The call, with its claim renewed for as long as it lasts.
    async fn call_while_claimed(
        &self,
        claim: &Claim,
        context: &RequestContext,
    ) -> Result<Answer, NotKnown> {
        let mut call = pin!(self.call(claim, context));
        loop {
            match timeout(RENEW_EVERY, &mut call).await {
                Ok(called) => return called,
                Err(_) => self.renew(claim).await,
            }
        }
    }

    /// A claim that is lost, to another driver, is not taken back: the answer of this one counts no more.
    async fn renew(&self, claim: &Claim) {
        let until = self.life.clock.now().plus(LEASE);
        let (payment_id, step) = (claim.payment.id, claim.step.as_str());
        match self.store.renew(claim, until).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(%payment_id, step, "another driver has the step now"),
            Err(error) => tracing::warn!(%payment_id, step, %error, "a claim is not renewed"),
        }
    }

    async fn record(&self, claim: &Claim, answer: Answer) -> Result<Turn, sqlx::Error> {
        let now = self.life.clock.now();
        if !self.store.record(claim, effect_of(answer), now).await? {
            return Ok(Turn::Nothing);
        }
        tracing::info!(payment_id = %claim.payment.id, step = claim.step.as_str(), ?answer, "a step is done");
        // Nobody may be waiting; that is no fault.
        let _ = self.progress.send(claim.payment.id);
        Ok(Turn::Done)
    }

    async fn put_off(&self, claim: &Claim, reason: &NotKnown) -> Result<Turn, sqlx::Error> {
        let now = self.life.clock.now();
        let waited = now.since(claim.written_at);
        let due_at = now.plus(backoff::pause(claim.attempts, waited, random()));
        let (payment_id, step, attempts) = (claim.payment.id, claim.step.as_str(), claim.attempts);
        if waited >= WORRYING {
            tracing::error!(%payment_id, step, attempts, %reason, "a step has had no answer for long");
        } else {
            tracing::warn!(%payment_id, step, attempts, %reason, "a step has no answer yet");
        }
        self.store.put_off(claim, due_at).await?;
        Ok(Turn::PutOff)
    }
}

/// A UUID's last bytes are random.
fn random() -> u32 {
    let [.., a, b, c, d] = Uuid::new_v4().into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests;
