//! The calls that a payment needs, and what their answers can be.

use uuid::Uuid;

use super::failure::Failure;

/// One row of the outbox: a call to another party, written down before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Bank: hold the money back.
    Authorise,
    /// Bank: take it.
    Capture,
    /// Booking: the money is there.
    Confirm,
    /// Bank: give it back.
    Refund,
}

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Bank,
    Booking,
}

impl Peer {
    pub const ALL: [Self; 2] = [Self::Bank, Self::Booking];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Booking => "booking",
        }
    }
}

impl Step {
    pub const ALL: [Self; 4] = [Self::Authorise, Self::Capture, Self::Confirm, Self::Refund];

    /// Steps of one payment are done in this order, never two at a time: a refund that is asked for while the
    /// confirmation is on its way waits until the confirmation's answer is known.
    pub fn place(self) -> i64 {
        match self {
            Self::Authorise => 1,
            Self::Capture => 2,
            Self::Confirm => 3,
            Self::Refund => 4,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::Capture => "capture",
            Self::Confirm => "confirm",
            Self::Refund => "refund",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// A definite answer to a step. That nothing definite is known is no answer, and the step is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Authorised {
        charge_id: Uuid,
    },
    Declined(Failure),
    Captured,
    /// The bank will not take what it has authorised.
    CaptureRefused,
    Confirmed,
    /// Booking does not take the payment; the money goes back.
    ConfirmRefused(Failure),
    Refunded,
}
