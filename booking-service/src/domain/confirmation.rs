//! When a captured payment makes a booking firm.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::{Booking, Change, Refusal, Status};

/// What payment says it captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: Uuid,
    pub amount_cents: i64,
    pub currency: String,
}

impl Booking {
    /// `None` when this very payment has confirmed it before: payment asks until it has an answer.
    ///
    /// # Errors
    /// [`Refusal::NotPayable`] when it waits for no payment (any more), [`Refusal::AmountMismatch`]; payment then
    /// gives the money back.
    pub fn confirmation(
        &self,
        payment: &Payment,
        now: Timestamp,
    ) -> Result<Option<Change>, Refusal> {
        if self.payment_id == Some(payment.id) {
            return Ok(None);
        }
        // The hold is asked, not only the status: after it the seats may be somebody else's.
        if self.clone().seen_at(now).status != Status::Pending {
            return Err(Refusal::NotPayable);
        }
        if payment.amount_cents != self.price.total_cents || payment.currency != self.price.currency
        {
            return Err(Refusal::AmountMismatch);
        }
        Ok(Some(Change::Confirm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::HOLD;
    use crate::testing::{NOW, hold, payment_for};

    #[test]
    fn the_right_payment_confirms_until_the_hold_is_over() {
        let booking = hold();
        let payment = payment_for(&booking);
        assert_eq!(
            booking.confirmation(&payment, NOW),
            Ok(Some(Change::Confirm))
        );
        assert_eq!(
            booking.confirmation(&payment, NOW.plus(HOLD)),
            Err(Refusal::NotPayable)
        );
    }

    #[test]
    fn another_amount_or_another_currency_confirms_nothing() {
        let booking = hold();
        let right = payment_for(&booking);
        let mut less = right.clone();
        less.amount_cents -= 1;
        let mut more = right.clone();
        more.amount_cents += 1;
        let mut foreign = right;
        foreign.currency = "USD".into();
        for wrong in [less, more, foreign] {
            let refused = booking.confirmation(&wrong, NOW);
            assert_eq!(refused, Err(Refusal::AmountMismatch), "{wrong:?}");
        }
    }

    #[test]
    fn a_second_payment_is_refused_and_the_first_is_welcome_again() {
        let mut booking = hold();
        let first = payment_for(&booking);
        booking.status = Status::Confirmed;
        booking.payment_id = Some(first.id);
        assert_eq!(booking.confirmation(&first, NOW), Ok(None));
        assert_eq!(
            booking.confirmation(&payment_for(&booking), NOW),
            Err(Refusal::NotPayable)
        );
    }
}
