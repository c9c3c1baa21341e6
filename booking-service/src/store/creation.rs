//! A new booking: the hold, its seats and its Idempotency-Key in one transaction.

use service_kit::clock::Timestamp;
use service_kit::iso_date::IsoDate;
use sqlx::AnyConnection;
use uuid::Uuid;

use crate::domain::{Booking, HOLDS_PER_USER, Refusal, Status};

use super::keys::{self, RequestKey};
use super::{Bookings, StoreError, expiry};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    New(Booking),
    /// The same request made this booking before; it may have changed since.
    Before(Booking),
}

impl Bookings {
    /// Stores `booking`, a new hold; `capacity` is what the catalogue says of its day.
    ///
    /// # Errors
    /// [`Refusal::SoldOut`], [`Refusal::TooManyHolds`], [`Refusal::KeyReused`]; nothing is stored then, not the key
    /// either, so that the same request may be tried again.
    pub async fn create(
        &self,
        booking: Booking,
        capacity: i64,
        request: Option<&RequestKey>,
    ) -> Result<Created, StoreError> {
        let now = booking.created_at;
        let mut write = self.store.write().await?;
        lock_holder(&mut write, booking.user_id, now).await?;
        if let Some(request) = request
            && let Some(before) = keys::recall(&mut write, booking.user_id, request, now).await?
        {
            return Ok(Created::Before(before));
        }
        check_holds(&mut write, booking.user_id, now).await?;
        let day = booking.day();
        day.offer(&mut write, capacity).await?;
        expiry::expire(&mut write, day, now).await?;
        day.take(&mut write, booking.participants).await?;
        insert(&mut write, &booking).await?;
        if let Some(request) = request {
            keys::remember(&mut write, request, &booking).await?;
        }
        write.commit().await?;
        Ok(Created::New(booking))
    }
}

/// Requests of one user take their turn from here on. Without that, requests sent at one moment would each count the
/// holds before any of them was written, and two with one key would both find it unused.
async fn lock_holder(
    connection: &mut AnyConnection,
    user_id: Uuid,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO holders (user_id, last_request_at) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET last_request_at = excluded.last_request_at",
    )
    .bind(user_id.to_string())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn check_holds(
    connection: &mut AnyConnection,
    user_id: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM bookings WHERE user_id = $1 AND status = $2 AND hold_expires_at > $3",
    )
    .bind(user_id.to_string())
    .bind(Status::Pending.as_str())
    .bind(now.0)
    .fetch_one(connection)
    .await?;
    if open >= HOLDS_PER_USER {
        return Err(Refusal::TooManyHolds.into());
    }
    Ok(())
}

async fn insert(connection: &mut AnyConnection, booking: &Booking) -> Result<(), sqlx::Error> {
    let special_requests = booking.special_requests.as_ref();
    sqlx::query(
        "INSERT INTO bookings (id, user_id, tour_id, tour_date, title_fr, title_en, participants, \
         special_requests, status, unit_price_cents, total_cents, currency, hold_expires_at, \
         payment_id, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, $14, $15)",
    )
    .bind(booking.id.to_string())
    .bind(booking.user_id.to_string())
    .bind(booking.tour_id.to_string())
    .bind(IsoDate(booking.date).to_string())
    .bind(booking.title.fr.as_str())
    .bind(booking.title.en.as_str())
    .bind(booking.participants)
    .bind(special_requests.map(|requests| requests.0.as_str()))
    .bind(booking.status.as_str())
    .bind(booking.price.unit_cents)
    .bind(booking.price.total_cents)
    .bind(booking.price.currency.as_str())
    .bind(booking.hold_expires_at.0)
    .bind(booking.created_at.0)
    .bind(booking.updated_at.0)
    .execute(connection)
    .await?;
    Ok(())
}
