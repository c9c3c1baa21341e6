//! Where a tour stands in a list.
//!
//! The newest tours come first, and a tour's creation time never changes: what is added during a walk stands before
//! the walk's beginning. A search sorts by rank first; a tour whose title is changed during a walk may change its place.

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::Tour;

/// The order of a list: by rank, then the newest first, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// 0 in a plain list; in a search the number of words that the title lacks.
    pub rank: i64,
    pub created_at: Timestamp,
    pub id: Uuid,
}

impl Position {
    /// Before every tour.
    pub const START: Self = Self {
        rank: -1,
        created_at: Timestamp(i64::MAX),
        id: Uuid::nil(),
    };

    pub fn of(tour: &Tour, rank: i64) -> Self {
        Self {
            rank,
            created_at: tour.created_at,
            id: tour.id,
        }
    }
}
