//! A refund order: what booking asks of payment after a paid booking was cancelled.

use std::time::Duration;

use uuid::Uuid;

const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One order of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundOrder {
    pub booking_id: Uuid,
    pub payment_id: Uuid,
    /// How often it was begun to send it.
    pub attempts: i64,
}

impl RefundOrder {
    /// How long the attempt that begins now may stay without success before the next: 2 s, 4 s, 8 s ... a minute.
    /// Somebody waits for this money, and a question a minute is no burden.
    pub fn pause(&self) -> Duration {
        let doublings = u32::try_from(self.attempts.clamp(0, 16)).unwrap_or(16);
        FIRST_PAUSE
            .saturating_mul(1 << doublings)
            .min(LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pause = |attempts| {
            let order = RefundOrder {
                booking_id: Uuid::nil(),
                payment_id: Uuid::nil(),
                attempts,
            };
            order.pause().as_secs()
        };
        assert_eq!([0, 1, 2, 4, 5, 1_000_000].map(pause), [2, 4, 8, 32, 60, 60]);
    }
}
