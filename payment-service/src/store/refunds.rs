//! Refunds that booking asks for.

use service_kit::clock::Timestamp;
use sqlx::{AssertSqlSafe, Error};
use uuid::Uuid;

use super::outbox::write_step;
use super::rows::PAYMENT;
use super::{PaymentStore, rows};
use crate::domain::payment::Payment;
use crate::domain::step::Step;

impl PaymentStore {
    /// Writes the refund of a payment for a cancelled booking, once however often it is asked for. `None`: that
    /// booking has no such payment. One that is over has nothing to give back.
    pub async fn request_refund(
        &self,
        payment_id: Uuid,
        booking_id: Uuid,
        now: Timestamp,
    ) -> Result<Option<Payment>, Error> {
        let mut write = self.store.write().await?;
        // The UPDATE locks the row (PostgreSQL): the payment cannot end between the look and the step.
        let sql = format!(
            "UPDATE payments SET updated_at = updated_at WHERE id = $1 AND booking_id = $2 RETURNING {PAYMENT}"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(payment_id.to_string())
            .bind(booking_id.to_string())
            .fetch_optional(&mut *write)
            .await?;
        let Some(payment) = row.as_ref().map(rows::payment).transpose()? else {
            write.rollback().await?;
            return Ok(None);
        };
        if !payment.status.is_over() {
            write_step(&mut write, payment.id, Step::Refund, now).await?;
        }
        write.commit().await?;
        Ok(Some(payment))
    }
}
