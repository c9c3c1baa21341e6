//! Why a payment did not lead to a paid booking; `failureCode` on the wire.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    CardDeclined,
    InsufficientFunds,
    CardTokenUnknown,
    /// The booking expired or was cancelled while the payment was on its way.
    BookingNotPayable,
    /// Booking wants another amount than it said before.
    AmountMismatch,
}

impl Failure {
    pub const ALL: [Self; 5] = [
        Self::CardDeclined,
        Self::InsufficientFunds,
        Self::CardTokenUnknown,
        Self::BookingNotPayable,
        Self::AmountMismatch,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CardDeclined => "card_declined",
            Self::InsufficientFunds => "insufficient_funds",
            Self::CardTokenUnknown => "card_token_unknown",
            Self::BookingNotPayable => "booking_not_payable",
            Self::AmountMismatch => "amount_mismatch",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|failure| failure.as_str() == text)
    }
}
