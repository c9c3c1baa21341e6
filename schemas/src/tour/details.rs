//! What a guide decides about a tour.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Category, Country};

/// A text in both languages of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Texts {
    pub fr: String,
    pub en: String,
}

/// It has been checked: by the form, or by a test for the tours of the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TourDetails {
    pub title: Texts,
    pub description: Texts,
    pub city: String,
    pub country: Country,
    pub category: Category,
    pub duration_hours: i64,
    /// For one participant.
    pub price_cents: i64,
    pub currency: Currency,
    /// Participants a day, all bookings together.
    pub capacity_per_day: i64,
}

/// One currency so far; the field is there so that an amount never goes without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Currency {
    #[serde(rename = "EUR")]
    Eur,
}

impl Currency {
    pub const NAMES: [&str; 1] = ["EUR"];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        (name == "EUR").then_some(Self::Eur)
    }
}
