//! The call that a step stands for, and what its answer means.

use secrecy::SecretString;
use service_kit::context::RequestContext;

use super::Worker;
use crate::domain::payment::Payment;
use crate::domain::step::{Answer, Step};
use crate::ports::{Authorisation, Capture, ChargeOrder, Confirmation, NotKnown};
use crate::store::Claim;

impl Worker {
    pub(super) async fn call(
        &self,
        claim: &Claim,
        context: &RequestContext,
    ) -> Result<Answer, NotKnown> {
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
}

/// A row of the outbox lacks what an earlier step must have written. Never seen; no call is made without it.
fn incomplete() -> NotKnown {
    NotKnown("the step's row is incomplete".to_owned())
}
