//! Writing: a new tour, a change, a withdrawal. A change checks the version in the statement that makes it, so of two
//! people who change the same tour at once one is told (RFC 9110 section 13.1.1).

use service_kit::clock::Timestamp;
use service_kit::store::Write;
use sqlx::{AssertSqlSafe, any::AnyRow};
use uuid::Uuid;

use super::TourStore;
use super::row::{COLUMNS, bind_details, tour_of};
use crate::domain::{Tour, TourDetails};

const INSERT: &str = "INSERT INTO tours (title_fr, title_en, description_fr, description_en, city, country, category,
       duration_hours, price_cents, currency, capacity_per_day, city_text, title_text, search_text,
       id, owner_id, status, version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     ON CONFLICT (id) DO NOTHING";

/// Which version a change is meant for: `$16` is 0 for any.
const ANY_VERSION: i64 = 0;

impl TourStore {
    pub async fn insert(&self, tour: &Tour) -> Result<(), sqlx::Error> {
        let mut write = self.store.write().await?;
        if insert(&mut write, tour).await? {
            return write.commit().await;
        }
        Err(sqlx::Error::Protocol(format!("tour {} exists", tour.id)))
    }

    /// Replaces the details; `expected` is the version that they are meant for, `None` for any.
    ///
    /// `None` when the tour has another version by now, or is no longer offered, or never was.
    pub async fn change(
        &self,
        id: Uuid,
        details: &TourDetails,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<Option<Tour>, sqlx::Error> {
        let sql = format!(
            "UPDATE tours SET title_fr = $1, title_en = $2, description_fr = $3, description_en = $4, city = $5,
                    country = $6, category = $7, duration_hours = $8, price_cents = $9, currency = $10,
                    capacity_per_day = $11, city_text = $12, title_text = $13, search_text = $14,
                    version = version + 1, updated_at = $17
              WHERE id = $15 AND status = 'offered' AND ($16 = 0 OR version = $16)
          RETURNING {COLUMNS}"
        );
        let mut write = self.store.write().await?;
        let row = bind_details(sqlx::query(AssertSqlSafe(sql)), details)
            .bind(id.to_string())
            .bind(expected.unwrap_or(ANY_VERSION))
            .bind(now.0)
            .fetch_optional(&mut *write)
            .await?;
        finish(write, row).await
    }

    /// Takes a tour out of lists and searches; `expected` and the answer as in [`TourStore::change`].
    pub async fn withdraw(
        &self,
        id: Uuid,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<Option<Tour>, sqlx::Error> {
        let sql = format!(
            "UPDATE tours SET status = 'withdrawn', version = version + 1, updated_at = $3
              WHERE id = $1 AND status = 'offered' AND ($2 = 0 OR version = $2)
          RETURNING {COLUMNS}"
        );
        let mut write = self.store.write().await?;
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(expected.unwrap_or(ANY_VERSION))
            .bind(now.0)
            .fetch_optional(&mut *write)
            .await?;
        finish(write, row).await
    }
}

async fn finish(write: Write, row: Option<AnyRow>) -> Result<Option<Tour>, sqlx::Error> {
    let tour = row.as_ref().map(tour_of).transpose()?;
    write.commit().await?;
    Ok(tour)
}

/// False when there is a tour with this id already.
pub(super) async fn insert(write: &mut Write, tour: &Tour) -> Result<bool, sqlx::Error> {
    let done = bind_details(sqlx::query(INSERT), &tour.details)
        .bind(tour.id.to_string())
        .bind(tour.owner.map(|owner| owner.to_string()))
        .bind(tour.status.as_str())
        .bind(tour.version)
        .bind(tour.created_at.0)
        .bind(tour.updated_at.0)
        .execute(&mut **write)
        .await?;
    Ok(done.rows_affected() == 1)
}
