//! A tour, as the catalogue knows it.

use escale_schemas::tour::TourDetails;
use serde::Serialize;
use service_kit::clock::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

/// A withdrawn tour can no longer be found or booked, but its page answers: bookings point to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TourStatus)]
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
