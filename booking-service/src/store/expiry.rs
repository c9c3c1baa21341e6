//! Holds that ran out: their bookings expire and their seats are for sale again.

use service_kit::clock::Timestamp;
use service_kit::iso_date::IsoDate;
use sqlx::{AnyConnection, Row};

use crate::domain::Change;

use super::seats::Day;
use super::{Bookings, StoreError, row};

impl Bookings {
    /// Expires what is over of one day; gives how many bookings, or `None` when no hold of any day is over.
    pub async fn expire_a_day(&self, now: Timestamp) -> Result<Option<usize>, StoreError> {
        let overdue = sqlx::query(
            "SELECT tour_id, tour_date FROM bookings WHERE status = 'pending' \
             AND hold_expires_at <= $1 ORDER BY hold_expires_at LIMIT 1",
        )
        .bind(now.0)
        .fetch_optional(self.store.pool())
        .await?;
        let Some(overdue) = overdue else {
            return Ok(None);
        };
        let day = Day {
            tour_id: row::uuid(&overdue, "tour_id")?,
            date: row::known("tour_date", IsoDate::parse(overdue.try_get("tour_date")?))?.0,
        };
        let mut write = self.store.write().await?;
        day.lock(&mut write).await?;
        let expired = expire(&mut write, day, now).await?;
        write.commit().await?;
        Ok(Some(expired))
    }
}

/// Expires what is over of a day that this transaction has locked. One conditional statement changes the state, and
/// only the rows that it changed give seats back: whoever comes second finds none.
///
/// `'pending'` is written out, and is `Change::Expire.from()`: a parameter would keep the partial index out of use.
pub(super) async fn expire(
    connection: &mut AnyConnection,
    day: Day,
    now: Timestamp,
) -> Result<usize, sqlx::Error> {
    let change = Change::Expire;
    let expired = sqlx::query(
        "UPDATE bookings SET status = $1, updated_at = hold_expires_at WHERE tour_id = $2 \
         AND tour_date = $3 AND status = 'pending' AND hold_expires_at <= $4 RETURNING participants",
    )
    .bind(change.to().as_str())
    .bind(day.tour_id.to_string())
    .bind(IsoDate(day.date).to_string())
    .bind(now.0)
    .fetch_all(&mut *connection)
    .await?;
    let mut seats: i64 = 0;
    for row in &expired {
        seats += row.try_get::<i64, _>("participants")?;
    }
    if change.gives_seats_back() && seats > 0 {
        day.give_back(connection, seats).await?;
    }
    Ok(expired.len())
}
