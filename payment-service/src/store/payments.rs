//! Payments: written once with their first step, read by id, by key and as a list.

use secrecy::ExposeSecret;
use service_kit::clock::Timestamp;
use service_kit::page::{Page, one_more};
use service_kit::store::{Write, is_unique_violation};
use sqlx::{AssertSqlSafe, Error};
use uuid::Uuid;

use super::rows::PAYMENT;
use super::{Inserted, Keyed, PaymentStore, Position, rows};
use crate::domain::payment::{NewPayment, Payment};
use crate::domain::status::Status;
use crate::domain::step::Step;

impl PaymentStore {
    /// Writes a payment and its first step in one transaction, before anybody is called.
    pub async fn insert(&self, new: &NewPayment, now: Timestamp) -> Result<Inserted, Error> {
        let payment = Payment {
            id: Uuid::new_v4(),
            user_id: new.user_id,
            booking_id: new.booking_id,
            amount: new.amount,
            status: Status::Created,
            failure: None,
            charge_id: None,
            confirmed_at: None,
            created_at: now,
            updated_at: now,
        };
        let mut write = self.store.write().await?;
        match insert_payment(&mut write, new, &payment).await {
            Ok(()) => {}
            Err(error) if is_unique_violation(&error) => {
                write.rollback().await?;
                let keyed = self.find_by_key(new.user_id, &new.idempotency_key).await?;
                return Ok(keyed.map_or(Inserted::BookingTaken, Inserted::KeyTaken));
            }
            Err(error) => return Err(error),
        }
        insert_first_step(&mut write, new, &payment).await?;
        write.commit().await?;
        Ok(Inserted::New(payment))
    }

    pub async fn find(&self, id: Uuid) -> Result<Option<Payment>, Error> {
        let sql = format!("SELECT {PAYMENT} FROM payments WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        row.as_ref().map(rows::payment).transpose()
    }

    /// A payment of this user; another's is not found (API1:2023).
    pub async fn find_of_user(&self, id: Uuid, user_id: Uuid) -> Result<Option<Payment>, Error> {
        let sql = format!("SELECT {PAYMENT} FROM payments WHERE id = $1 AND user_id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(user_id.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        row.as_ref().map(rows::payment).transpose()
    }

    pub async fn find_by_key(&self, user_id: Uuid, key: &str) -> Result<Option<Keyed>, Error> {
        let sql = format!(
            "SELECT {PAYMENT}, fingerprint FROM payments WHERE user_id = $1 AND idempotency_key = $2"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(user_id.to_string())
            .bind(key)
            .fetch_optional(self.store.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Keyed {
            payment: rows::payment(&row)?,
            fingerprint: sqlx::Row::try_get(&row, "fingerprint")?,
        }))
    }

    /// A user's payments behind `after`, the newest first.
    pub async fn list(
        &self,
        user_id: Uuid,
        after: Option<Position>,
        limit: u16,
    ) -> Result<Page<Payment, Position>, Error> {
        let newest = Position {
            created_at: Timestamp(i64::MAX),
            id: Uuid::max(),
        };
        let after = after.unwrap_or(newest);
        let sql = format!(
            "SELECT {PAYMENT} FROM payments \
             WHERE user_id = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3)) \
             ORDER BY created_at DESC, id DESC LIMIT $4"
        );
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(user_id.to_string())
            .bind(after.created_at.0)
            .bind(after.id.to_string())
            .bind(one_more(limit))
            .fetch_all(self.store.pool())
            .await?;
        let placed = |row| {
            let payment = rows::payment(row)?;
            let position = Position {
                created_at: payment.created_at,
                id: payment.id,
            };
            Ok((payment, position))
        };
        let found: Result<Vec<_>, _> = found.iter().map(placed).collect();
        found.map(|found| Page::cut(found, limit))
    }
}

async fn insert_payment(
    write: &mut Write,
    new: &NewPayment,
    payment: &Payment,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO payments (id, user_id, booking_id, amount_cents, currency, status, idempotency_key, fingerprint, \
                               created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
    )
    .bind(payment.id.to_string())
    .bind(payment.user_id.to_string())
    .bind(payment.booking_id.to_string())
    .bind(payment.amount.cents)
    .bind(payment.amount.currency.as_str())
    .bind(payment.status.as_str())
    .bind(new.idempotency_key.as_str())
    .bind(new.fingerprint.as_str())
    .bind(payment.created_at.0)
    .execute(&mut **write)
    .await?;
    Ok(())
}

async fn insert_first_step(
    write: &mut Write,
    new: &NewPayment,
    payment: &Payment,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO steps (payment_id, kind, place, card_token, due_at, written_at) VALUES ($1, $2, $3, $4, $5, $5)",
    )
    .bind(payment.id.to_string())
    .bind(Step::Authorise.as_str())
    .bind(Step::Authorise.place())
    .bind(new.card_token.expose_secret())
    .bind(payment.created_at.0)
    .execute(&mut **write)
    .await?;
    Ok(())
}
