//! Reading: one booking, or a user's bookings page by page. The owner is part of every question (API1:2023).

use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::domain::{Booking, Refusal, Status};

use super::{Bookings, StoreError, row};

/// A place in a user's list: behind the booking with this time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub created_at: Timestamp,
    pub id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub bookings: Vec<Booking>,
    /// `None` on the last page.
    pub next: Option<Position>,
}

impl Bookings {
    /// # Errors
    /// [`Refusal::NotFound`], for another user's booking too.
    pub async fn find(&self, id: Uuid, user_id: Uuid) -> Result<Booking, StoreError> {
        let found = sqlx::query("SELECT * FROM bookings WHERE id = $1 AND user_id = $2")
            .bind(id.to_string())
            .bind(user_id.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        match found {
            Some(found) => Ok(row::booking(&found)?),
            None => Err(Refusal::NotFound.into()),
        }
    }

    /// A user's bookings, newest first. By key and not by offset: a booking made between two pages shifts nothing.
    pub async fn list(
        &self,
        user_id: Uuid,
        status: Option<Status>,
        behind: Option<Position>,
        limit: i64,
        now: Timestamp,
    ) -> Result<Page, StoreError> {
        let (created_at, id) = behind.map_or((i64::MAX, String::new()), |position| {
            (position.created_at.0, position.id.to_string())
        });
        // The CASE is Booking::seen_at: a hold that is over is listed as expired before the job has come by.
        let rows = sqlx::query(
            "SELECT * FROM bookings WHERE user_id = $1 AND (created_at, id) < ($2, $3) \
             AND ($4 IS NULL OR $4 = CASE WHEN status = 'pending' AND hold_expires_at <= $5 \
             THEN 'expired' ELSE status END) \
             ORDER BY created_at DESC, id DESC LIMIT $6",
        )
        .bind(user_id.to_string())
        .bind(created_at)
        .bind(id)
        .bind(status.map(Status::as_str))
        .bind(now.0)
        .bind(limit + 1)
        .fetch_all(self.store.pool())
        .await?;
        let mut bookings = rows
            .iter()
            .map(|found| Ok(row::booking(found)?.seen_at(now)))
            .collect::<Result<Vec<_>, sqlx::Error>>()?;
        let more = i64::try_from(bookings.len()).is_ok_and(|found| found > limit);
        if more {
            bookings.pop();
        }
        let next = bookings.last().filter(|_| more).map(|last| Position {
            created_at: last.created_at,
            id: last.id,
        });
        Ok(Page { bookings, next })
    }
}
