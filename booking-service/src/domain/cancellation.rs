//! The cancellation policy: free of charge until the day before the tour.

use service_kit::clock::Timestamp;

use super::{Booking, Change, Refusal, Status};

impl Booking {
    /// What its owner's cancellation does at `now`; `None` when it is cancelled already.
    ///
    /// # Errors
    /// [`Refusal::NotCancellable`] when it has expired, or when it is paid and its day (UTC) has come. An unpaid hold
    /// can always be given up: it costs nothing, and the seats are wanted.
    pub fn cancellation(&self, now: Timestamp) -> Result<Option<Change>, Refusal> {
        match self.clone().seen_at(now).status {
            Status::Pending => Ok(Some(Change::Abandon)),
            Status::Confirmed if now.date() < self.date => Ok(Some(Change::Refund)),
            Status::Cancelled => Ok(None),
            Status::Confirmed | Status::Expired => Err(Refusal::NotCancellable),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::HOLD;
    use crate::testing::{NOW, hold};

    /// Midnight at which the day of [`hold`]'s tour begins.
    fn the_day(booking: &Booking) -> Timestamp {
        let midnight = booking.date.midnight().assume_utc();
        Timestamp(midnight.unix_timestamp() * 1000)
    }

    #[test]
    fn a_paid_booking_can_be_cancelled_until_the_last_millisecond_of_the_day_before() {
        let mut booking = hold();
        booking.status = Status::Confirmed;
        let day = the_day(&booking);
        assert_eq!(
            booking.cancellation(day.minus(Duration::from_millis(1))),
            Ok(Some(Change::Refund))
        );
        assert_eq!(booking.cancellation(day), Err(Refusal::NotCancellable));
    }

    #[test]
    fn an_unpaid_hold_can_be_given_up_while_it_lasts() {
        let booking = hold();
        assert_eq!(booking.cancellation(NOW), Ok(Some(Change::Abandon)));
        assert_eq!(
            booking.cancellation(NOW.plus(HOLD)),
            Err(Refusal::NotCancellable)
        );
    }

    #[test]
    fn cancelling_twice_changes_nothing() {
        let mut booking = hold();
        booking.status = Status::Cancelled;
        assert_eq!(booking.cancellation(NOW), Ok(None));
    }
}
