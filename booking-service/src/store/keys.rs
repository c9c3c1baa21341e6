//! Which request made which booking: a repeated request finds the first one's answer.

use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use uuid::Uuid;

use crate::domain::{Booking, KEY_LIFETIME, Refusal};

use super::row::COLUMNS;
use super::{Bookings, StoreError, row};

/// The caller's Idempotency-Key, and the fingerprint of what it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    pub key: String,
    pub fingerprint: String,
}

impl Bookings {
    /// The booking that the same request made before. Another request's key counts as nothing here: only
    /// [`Bookings::create`], under the user's lock, refuses it.
    pub async fn made_by(
        &self,
        user_id: Uuid,
        request: &RequestKey,
        now: Timestamp,
    ) -> Result<Option<Booking>, StoreError> {
        let mut connection = self.store.pool().acquire().await?;
        match recall(&mut connection, user_id, request, now).await {
            Err(StoreError::Refused(Refusal::KeyReused)) => Ok(None),
            found => found,
        }
    }

    /// Forgets the keys whose day is over; gives how many.
    pub async fn forget_keys(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut write = self.store.write().await?;
        let forgotten = sqlx::query("DELETE FROM idempotency_keys WHERE created_at <= $1")
            .bind(now.minus(KEY_LIFETIME).0)
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(forgotten.rows_affected())
    }
}

/// # Errors
/// [`Refusal::KeyReused`] when the key came with another request before.
pub(super) async fn recall(
    connection: &mut AnyConnection,
    user_id: Uuid,
    request: &RequestKey,
    now: Timestamp,
) -> Result<Option<Booking>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, idempotency_keys.fingerprint FROM idempotency_keys \
         JOIN bookings ON bookings.id = idempotency_keys.booking_id \
         WHERE idempotency_keys.user_id = $1 AND key = $2 AND idempotency_keys.created_at > $3"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(user_id.to_string())
        .bind(request.key.as_str())
        .bind(now.minus(KEY_LIFETIME).0)
        .fetch_optional(connection)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let fingerprint: String = found.try_get("fingerprint")?;
    if fingerprint != request.fingerprint {
        return Err(Refusal::KeyReused.into());
    }
    Ok(Some(row::booking(&found)?))
}

/// A key that is older than its lifetime, and not yet pruned, is taken over.
pub(super) async fn remember(
    connection: &mut AnyConnection,
    request: &RequestKey,
    booking: &Booking,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO idempotency_keys (user_id, key, fingerprint, booking_id, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, key) DO UPDATE SET \
         fingerprint = excluded.fingerprint, booking_id = excluded.booking_id, \
         created_at = excluded.created_at",
    )
    .bind(booking.user_id.to_string())
    .bind(request.key.as_str())
    .bind(request.fingerprint.as_str())
    .bind(booking.id.to_string())
    .bind(booking.created_at.0)
    .execute(connection)
    .await?;
    Ok(())
}
