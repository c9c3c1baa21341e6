//! The outbox of refund orders. An order is written in the transaction that cancels, so none is lost; it is sent until
//! payment has taken it, so it may be sent twice: payment takes each once.

use service_kit::clock::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::domain::{Booking, RefundOrder};

use super::{Bookings, StoreError, row};

impl Bookings {
    /// The order whose turn it is, claimed: the next attempt is put off before this one begins, so that a process that
    /// dies while it sends leaves an order that will be sent again, and two processes do not send the same one.
    pub async fn claim_refund_order(
        &self,
        now: Timestamp,
    ) -> Result<Option<RefundOrder>, StoreError> {
        while let Some(order) = self.due_refund_order(now).await? {
            if self.claim(&order, now).await? {
                return Ok(Some(order));
            }
            // Another process was quicker; it has put this order off, and the next one is due.
        }
        Ok(None)
    }

    async fn due_refund_order(&self, now: Timestamp) -> Result<Option<RefundOrder>, sqlx::Error> {
        let due = sqlx::query(
            "SELECT booking_id, payment_id, attempts FROM refund_orders \
             WHERE sent_at IS NULL AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 1",
        )
        .bind(now.0)
        .fetch_optional(self.store.pool())
        .await?;
        let order = |due: AnyRow| {
            Ok(RefundOrder {
                booking_id: row::uuid(&due, "booking_id")?,
                payment_id: row::uuid(&due, "payment_id")?,
                attempts: due.try_get("attempts")?,
            })
        };
        due.map(order).transpose()
    }

    /// Whether it is ours: one conditional statement decides between two processes.
    async fn claim(&self, order: &RefundOrder, now: Timestamp) -> Result<bool, sqlx::Error> {
        let mut write = self.store.write().await?;
        let claimed = sqlx::query(
            "UPDATE refund_orders SET attempts = attempts + 1, next_attempt_at = $1 \
             WHERE booking_id = $2 AND attempts = $3 AND sent_at IS NULL",
        )
        .bind(now.plus(order.pause()).0)
        .bind(order.booking_id.to_string())
        .bind(order.attempts)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(claimed.rows_affected() == 1)
    }

    pub async fn refund_order_sent(
        &self,
        order: &RefundOrder,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.store.write().await?;
        sqlx::query("UPDATE refund_orders SET sent_at = $1 WHERE booking_id = $2")
            .bind(now.0)
            .bind(order.booking_id.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}

/// Writes the order for a booking that was paid.
pub(super) async fn order(
    connection: &mut AnyConnection,
    booking: &Booking,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let payment_id = row::known("payment_id", booking.payment_id)?;
    sqlx::query(
        "INSERT INTO refund_orders (booking_id, payment_id, attempts, next_attempt_at, created_at) \
         VALUES ($1, $2, 0, $3, $3)",
    )
    .bind(booking.id.to_string())
    .bind(payment_id.to_string())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}
