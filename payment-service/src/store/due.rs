//! Which payments a driver should take up now.

use service_kit::clock::Timestamp;
use sqlx::{Error, Row};
use uuid::Uuid;

use super::{PaymentStore, rows};
use crate::domain::step::Peer;

impl PaymentStore {
    /// Payments whose first open step is due and free, and calls `peer`: new, put off, or left behind by a driver that
    /// died.
    pub async fn due(&self, peer: Peer, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, Error> {
        let found = sqlx::query(
            "SELECT payment_id FROM steps AS step \
             WHERE done_at IS NULL AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) \
               AND CASE kind WHEN 'confirm' THEN 'booking' ELSE 'bank' END = $2 \
               AND NOT EXISTS (SELECT 1 FROM steps AS earlier WHERE earlier.payment_id = step.payment_id \
                                 AND earlier.done_at IS NULL AND earlier.place < step.place) \
             ORDER BY due_at LIMIT $3",
        )
        .bind(now.0)
        .bind(peer.as_str())
        .bind(limit)
        .fetch_all(self.store.pool())
        .await?;
        let ids = found.iter().map(|row| rows::uuid(row.try_get(0)?));
        ids.collect()
    }
}
