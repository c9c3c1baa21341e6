//! Reading: one booking, or a user's bookings page by page. The owner is part of every question (API1:2023).

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;
use service_kit::page::{Page, one_more};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::domain::{Booking, Refusal, Status};

use super::row::COLUMNS;
use super::{Bookings, StoreError, row};

/// A place in a user's list: behind the booking with this time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub created_at: Timestamp,
    pub id: Uuid,
}

impl Position {
    fn of(booking: &Booking) -> Self {
        Self {
            created_at: booking.created_at,
            id: booking.id,
        }
    }
}

impl Bookings {
    /// # Errors
    /// [`Refusal::NotFound`], for another user's booking too.
    pub async fn find(&self, id: Uuid, user_id: Uuid) -> Result<Booking, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM bookings WHERE id = $1 AND user_id = $2");
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(user_id.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        match found {
            Some(found) => Ok(row::booking(&found)?),
            None => Err(Refusal::NotFound.into()),
        }
    }

    /// A user's bookings, newest first.
    pub async fn list(
        &self,
        user_id: Uuid,
        status: Option<Status>,
        behind: Option<Position>,
        limit: u16,
        now: Timestamp,
    ) -> Result<Page<Booking, Position>, StoreError> {
        let (created_at, id) = behind.map_or((i64::MAX, String::new()), |position| {
            (position.created_at.0, position.id.to_string())
        });
        // The CASE is Booking::seen_at: a hold that is over is listed as expired before the job has come by.
        let sql = format!(
            "SELECT {COLUMNS} FROM bookings WHERE user_id = $1 AND (created_at, id) < ($2, $3) \
             AND ($4 IS NULL OR $4 = CASE WHEN status = 'pending' AND hold_expires_at <= $5 \
             THEN 'expired' ELSE status END) \
             ORDER BY created_at DESC, id DESC LIMIT $6"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(user_id.to_string())
            .bind(created_at)
            .bind(id)
            .bind(status.map(Status::as_str))
            .bind(now.0)
            .bind(one_more(limit))
            .fetch_all(self.store.pool())
            .await?;
        let found = rows
            .iter()
            .map(|found| {
                let booking = row::booking(found)?.seen_at(now);
                let position = Position::of(&booking);
                Ok((booking, position))
            })
            .collect::<Result<Vec<_>, sqlx::Error>>()?;
        Ok(Page::cut(found, limit))
    }
}
