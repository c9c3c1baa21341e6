//! A booking, from the wish of a user to what is kept of it.

use service_kit::clock::Timestamp;
use time::Date;
use uuid::Uuid;

use super::{HOLD, Offer, Price, SpecialRequests, Status, Title};

/// What a user asks for: the validated body, and nothing that the user may not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub tour_id: Uuid,
    pub participants: i64,
    pub date: Date,
    pub special_requests: Option<SpecialRequests>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    pub id: Uuid,
    pub user_id: Uuid,
    pub tour_id: Uuid,
    /// As it was when the tour was booked.
    pub title: Title,
    pub date: Date,
    pub participants: i64,
    pub special_requests: Option<SpecialRequests>,
    pub status: Status,
    pub price: Price,
    /// The first moment at which an unpaid booking has lost its seats.
    pub hold_expires_at: Timestamp,
    /// The payment that confirmed it; it stays when a paid booking is cancelled.
    pub payment_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Booking {
    /// A new hold, or `None` when its total cannot be computed.
    pub fn hold(user_id: Uuid, wish: Wish, offer: Offer, now: Timestamp) -> Option<Self> {
        Some(Self {
            id: Uuid::new_v4(),
            user_id,
            tour_id: wish.tour_id,
            date: wish.date,
            participants: wish.participants,
            special_requests: wish.special_requests,
            status: Status::Pending,
            price: offer.price_for(wish.participants)?,
            title: offer.title,
            hold_expires_at: now.plus(HOLD),
            payment_id: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// The booking as it stands at `now`: a hold that is over counts as expired from its last millisecond on, whether
    /// or not the job that gives its seats back has come by.
    #[must_use]
    pub fn seen_at(mut self, now: Timestamp) -> Self {
        if self.status == Status::Pending && self.hold_expires_at <= now {
            self.status = Status::Expired;
            self.updated_at = self.hold_expires_at;
        }
        self
    }

    /// The booking as its creation was answered. What a change touches is set back; the rest never changes.
    #[must_use]
    pub fn as_created(mut self) -> Self {
        self.status = Status::Pending;
        self.updated_at = self.created_at;
        self.payment_id = None;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{NOW, hold};

    #[test]
    fn a_hold_is_over_exactly_fifteen_minutes_after_it_began() {
        let booking = hold();
        let end = NOW.plus(Duration::from_secs(900));
        let before = end.minus(Duration::from_millis(1));
        assert_eq!(booking.clone().seen_at(before).status, Status::Pending);
        let seen = booking.seen_at(end);
        assert_eq!((seen.status, seen.updated_at), (Status::Expired, end));
    }

    #[test]
    fn only_a_pending_booking_expires() {
        let mut booking = hold();
        booking.status = Status::Confirmed;
        let later = NOW.plus(Duration::from_secs(86_400));
        assert_eq!(booking.seen_at(later).status, Status::Confirmed);
    }

    #[test]
    fn the_answer_of_the_creation_can_be_given_again_after_any_change() {
        let created = hold();
        let mut later = created.clone();
        later.status = Status::Cancelled;
        later.payment_id = Some(Uuid::new_v4());
        later.updated_at = NOW.plus(Duration::from_secs(60));
        assert_eq!(later.as_created(), created);
    }
}
