//! Money: whole cents of one currency. Never a floating-point number.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A currency that Escale does not know is not understood, rather than taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Currency {
    #[serde(rename = "EUR")]
    Eur,
}

impl Currency {
    /// ISO 4217.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        (text == Self::Eur.as_str()).then_some(Self::Eur)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

impl Money {
    pub fn euros(cents: i64) -> Self {
        Self {
            cents,
            currency: Currency::Eur,
        }
    }
}
