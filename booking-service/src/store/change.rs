//! The one place where a single booking changes its state.

use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe};
use uuid::Uuid;

use crate::domain::{Booking, Change, Refusal};

use super::row::COLUMNS;
use super::seats::Day;
use super::{StoreError, row};

impl Booking {
    pub(super) fn day(&self) -> Day {
        Day {
            tour_id: self.tour_id,
            date: self.date,
        }
    }
}

/// Locks a booking's day, then reads the booking: what is decided on it still holds when it is written.
pub(super) async fn take_up(
    connection: &mut AnyConnection,
    id: Uuid,
) -> Result<Booking, StoreError> {
    let found = read(connection, id).await?;
    found.day().lock(connection).await?;
    // Read again: the first reading may be older than the lock. Tour and date never change.
    read(connection, id).await
}

async fn read(connection: &mut AnyConnection, id: Uuid) -> Result<Booking, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM bookings WHERE id = $1");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    match found {
        Some(found) => Ok(row::booking(&found)?),
        None => Err(Refusal::NotFound.into()),
    }
}

/// Writes `change` and, where it frees seats, gives them back; both or neither.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    booking: &mut Booking,
    change: Change,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE bookings SET status = $1, payment_id = $2, updated_at = $3 \
         WHERE id = $4 AND status = $5",
    )
    .bind(change.to().as_str())
    .bind(booking.payment_id.map(|id| id.to_string()))
    .bind(now.0)
    .bind(booking.id.to_string())
    .bind(change.from().as_str())
    .execute(&mut *connection)
    .await?;
    if changed.rows_affected() != 1 {
        // The day is locked, so this cannot be; if it is, no seat may move.
        return Err(sqlx::Error::RowNotFound);
    }
    if change.gives_seats_back() {
        booking
            .day()
            .give_back(connection, booking.participants)
            .await?;
    }
    booking.status = change.to();
    booking.updated_at = now;
    Ok(())
}
