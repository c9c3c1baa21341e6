//! Pages by keyset: a page begins behind a tour, not at a number, so a tour that is added meanwhile makes no other
//! tour appear twice or not at all.
//!
//! The newest tours come first, and a tour's creation time never changes: what is added during a walk stands before
//! the walk's beginning. A search sorts by rank first; a tour whose title is changed during a walk may change its place.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::Tour;

/// Where a tour stands in the order of a list: by rank, then the newest first, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// A piece of a list.
#[derive(Debug, Clone)]
pub struct Page {
    pub tours: Vec<Tour>,
    /// The last tour's position when there are more behind it.
    pub next: Option<Position>,
}

impl Page {
    /// Cuts a page out of the tours found, which are one more than `limit` when there are more to come.
    pub fn cut(mut found: Vec<(Tour, i64)>, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().map(|(tour, rank)| Position::of(tour, *rank));
        Self {
            next: last.filter(|_| more),
            tours: found.into_iter().map(|(tour, _)| tour).collect(),
        }
    }
}
