//! A charge, and what can become of it.

use serde::Serialize;
use uuid::Uuid;

/// `authorised -> captured -> refunded`, `authorised -> refunded` (nothing was taken), or `declined`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChargeStatus {
    Authorised,
    Captured,
    Refunded,
    Declined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineCode {
    CardDeclined,
    InsufficientFunds,
    UnknownToken,
}

/// As it goes over the wire: every answer of the bank is the charge as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    pub id: Uuid,
    /// The merchant's own name for it, the payment's id; the same reference is the same charge.
    pub reference: Uuid,
    pub amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    pub status: ChargeStatus,
    pub decline_code: Option<DeclineCode>,
}

impl ChargeStatus {
    const ALL: [Self; 4] = [
        Self::Authorised,
        Self::Captured,
        Self::Refunded,
        Self::Declined,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::Declined => "declined",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl DeclineCode {
    const ALL: [Self; 3] = [
        Self::CardDeclined,
        Self::InsufficientFunds,
        Self::UnknownToken,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CardDeclined => "card_declined",
            Self::InsufficientFunds => "insufficient_funds",
            Self::UnknownToken => "unknown_token",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}
