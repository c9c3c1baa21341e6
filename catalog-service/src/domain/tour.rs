//! A tour, as the catalogue knows it.

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::{Category, Country};

/// A text in both languages of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    pub fr: String,
    pub en: String,
}

/// What a guide decides about a tour. It has been checked: by the form, or by a test for the tours of the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// A withdrawn tour can no longer be found or booked, but its page answers: bookings point to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Offered,
    Withdrawn,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        [Self::Offered, Self::Withdrawn]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tour {
    pub id: Uuid,
    /// The user whose tour it is; `None` for the house's own.
    pub owner: Option<Uuid>,
    pub details: TourDetails,
    pub status: Status,
    /// 1 at first, one more with every change.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Tour {
    /// A tour that is offered from `now` on.
    pub fn new(id: Uuid, owner: Option<Uuid>, details: TourDetails, now: Timestamp) -> Self {
        Self {
            id,
            owner,
            details,
            status: Status::Offered,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}
