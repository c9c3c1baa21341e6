//! The seats of one tour on one day: never more taken than there are.

use service_kit::iso_date::IsoDate;
use sqlx::AnyConnection;
use time::Date;
use uuid::Uuid;

use crate::domain::Refusal;

use super::StoreError;

/// One tour on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub tour_id: Uuid,
    pub date: Date,
}

impl Day {
    fn key(self) -> (String, String) {
        (self.tour_id.to_string(), IsoDate(self.date).to_string())
    }

    /// Opens the day for sale, or refreshes what the catalogue says of its size. Either way the day is now locked.
    pub async fn offer(
        self,
        connection: &mut AnyConnection,
        capacity: i64,
    ) -> Result<(), sqlx::Error> {
        let (tour_id, date) = self.key();
        sqlx::query(
            "INSERT INTO seats (tour_id, tour_date, capacity, taken) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (tour_id, tour_date) DO UPDATE SET capacity = excluded.capacity",
        )
        .bind(tour_id)
        .bind(date)
        .bind(capacity)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Until this transaction ends no other sells, confirms, cancels or expires on this day.
    pub async fn lock(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let (tour_id, date) = self.key();
        sqlx::query("UPDATE seats SET taken = taken WHERE tour_id = $1 AND tour_date = $2")
            .bind(tour_id)
            .bind(date)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// One statement compares and takes: between a check and a later insert another buyer would fit.
    pub async fn take(
        self,
        connection: &mut AnyConnection,
        participants: i64,
    ) -> Result<(), StoreError> {
        let (tour_id, date) = self.key();
        let taken = sqlx::query(
            "UPDATE seats SET taken = taken + $1 \
             WHERE tour_id = $2 AND tour_date = $3 AND taken + $1 <= capacity",
        )
        .bind(participants)
        .bind(tour_id)
        .bind(date)
        .execute(connection)
        .await?;
        match taken.rows_affected() {
            1 => Ok(()),
            _ => Err(Refusal::SoldOut.into()),
        }
    }

    pub async fn give_back(
        self,
        connection: &mut AnyConnection,
        participants: i64,
    ) -> Result<(), sqlx::Error> {
        let (tour_id, date) = self.key();
        let given = sqlx::query(
            "UPDATE seats SET taken = taken - $1 WHERE tour_id = $2 AND tour_date = $3",
        )
        .bind(participants)
        .bind(tour_id)
        .bind(date)
        .execute(connection)
        .await?;
        match given.rows_affected() {
            1 => Ok(()),
            _ => Err(sqlx::Error::RowNotFound),
        }
    }
}
