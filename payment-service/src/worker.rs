//! Drives payments through their steps. The same function serves the request that pays and the background job that
//! takes up what was left, after an answer that never came or after a restart.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use service_kit::context::RequestContext;
use service_kit::error::ApiError;
use service_kit::lifecycle::Lifecycle;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::domain::backoff;
use crate::domain::payment::{Outcome, Payment};
use crate::domain::protocol::effect_of;
use crate::domain::step::{Answer, Step};
use crate::ports::{Authorisation, Bank, Bookings, Capture, ChargeOrder, Confirmation, NotKnown};
use crate::store::{Claim, PaymentStore};

/// How long a driver may hold a step. Longer than one call can take ([`crate::peers::CALL_TIMEOUT`]); a driver that
/// has died holds it no longer than this.
pub const LEASE: Duration = Duration::from_secs(15);

/// Another process may do the step, and only the database tells of it: a waiting request looks this often.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// From this many attempts on somebody should look at why.
const WORRYING: u32 = 10;

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
        match self.call(&claim, context).await {
            Ok(answer) => self.record(&claim, answer).await,
            Err(reason) => self.put_off(&claim, &reason).await,
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
        let pause = backoff::pause(claim.attempts, random());
        let due_at = self.life.clock.now().plus(pause);
        let (payment_id, step, attempts) = (claim.payment.id, claim.step.as_str(), claim.attempts);
        if attempts >= WORRYING {
            tracing::error!(%payment_id, step, attempts, %reason, "a step has had no answer for long");
        } else {
            tracing::warn!(%payment_id, step, attempts, %reason, "a step has no answer yet");
        }
        self.store.put_off(claim, due_at).await?;
        Ok(Turn::PutOff)
    }

    async fn call(&self, claim: &Claim, context: &RequestContext) -> Result<Answer, NotKnown> {
        let payment = &claim.payment;
        let order = ChargeOrder {
            reference: payment.id,
            amount: payment.amount,
        };
        match claim.step {
            Step::Authorise => {
                let token = claim.card_token.as_ref();
                self.authorise(order, token.ok_or_else(incomplete)?, context)
                    .await
            }
            Step::Capture => {
                let charge_id = payment.charge_id.ok_or_else(incomplete)?;
                let capture = self.bank.capture(order, charge_id, context).await?;
                Ok(match capture {
                    Capture::Taken => Answer::Captured,
                    Capture::Refused => Answer::CaptureRefused,
                })
            }
            Step::Confirm => self.confirm(payment, context).await,
            Step::Refund => {
                let charge_id = payment.charge_id.ok_or_else(incomplete)?;
                self.bank.refund(order, charge_id, context).await?;
                Ok(Answer::Refunded)
            }
        }
    }

    async fn authorise(
        &self,
        order: ChargeOrder,
        card_token: &SecretString,
        context: &RequestContext,
    ) -> Result<Answer, NotKnown> {
        let authorisation = self.bank.authorise(order, card_token, context).await?;
        Ok(match authorisation {
            Authorisation::Granted { charge_id } => Answer::Authorised { charge_id },
            Authorisation::Declined(failure) => Answer::Declined(failure),
        })
    }

    async fn confirm(
        &self,
        payment: &Payment,
        context: &RequestContext,
    ) -> Result<Answer, NotKnown> {
        let call = self
            .bookings
            .confirm(payment.booking_id, payment.id, payment.amount, context);
        Ok(match call.await? {
            Confirmation::Confirmed => Answer::Confirmed,
            Confirmation::Refused(failure) => Answer::ConfirmRefused(failure),
        })
    }

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

/// A row of the outbox lacks what an earlier step must have written. Never seen; no call is made without it.
fn incomplete() -> NotKnown {
    NotKnown("the step's row is incomplete".to_owned())
}

/// A UUID's last bytes are random.
fn random() -> u32 {
    let [.., a, b, c, d] = Uuid::new_v4().into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests;
