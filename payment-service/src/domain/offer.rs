//! What booking says a booking costs. The amount comes from here, never from the client.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::money::Money;

#[derive(Debug, Clone)]
pub struct Offer {
    pub booking_id: Uuid,
    pub user_id: Uuid,
    pub amount: Money,
    pub state: BookingState,
    /// Until when the seats are held.
    pub hold_expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingState {
    Pending,
    Confirmed,
    Cancelled,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpayable {
    AlreadyPaid,
    NotPayable,
}

impl Offer {
    /// Whether it can be paid at `now`; the amount to pay.
    pub fn payable(&self, now: Timestamp) -> Result<Money, Unpayable> {
        match self.state {
            BookingState::Confirmed => Err(Unpayable::AlreadyPaid),
            BookingState::Pending
                if self.amount.cents > 0 && self.hold_expires_at.is_none_or(|end| now < end) =>
            {
                Ok(self.amount)
            }
            _ => Err(Unpayable::NotPayable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pending_booking_whose_hold_runs_can_be_paid() {
        let now = Timestamp(1_000);
        let offer = |state, end| Offer {
            booking_id: Uuid::new_v4(),
            user_id: Uuid::new_v4(),
            amount: Money::euros(100),
            state,
            hold_expires_at: Some(Timestamp(end)),
        };
        let payable = |state, end| offer(state, end).payable(now);
        assert_eq!(payable(BookingState::Pending, 1_001), Ok(Money::euros(100)));
        assert_eq!(
            payable(BookingState::Pending, 1_000),
            Err(Unpayable::NotPayable)
        );
        assert_eq!(
            payable(BookingState::Confirmed, 1_001),
            Err(Unpayable::AlreadyPaid)
        );
        for state in [BookingState::Cancelled, BookingState::Expired] {
            assert_eq!(payable(state, 1_001), Err(Unpayable::NotPayable));
        }
        let free = Offer {
            amount: Money::euros(0),
            ..offer(BookingState::Pending, 1_001)
        };
        assert_eq!(free.payable(now), Err(Unpayable::NotPayable));
    }
}
