//! The outbox. A step is claimed by one driver at a time, for the time of a lease; its answer and what follows from
//! it are written in one transaction, by the driver that still holds the claim.

use std::time::Duration;

use secrecy::SecretString;
use service_kit::clock::Timestamp;
use service_kit::store::Write;
use sqlx::{AssertSqlSafe, Error, Row};
use uuid::Uuid;

use super::rows::PAYMENT;
use super::{PaymentStore, rows};
use crate::domain::payment::Payment;
use crate::domain::protocol::Effect;
use crate::domain::status::Status;
use crate::domain::step::Step;

/// The right to do one step of one payment.
#[derive(Debug)]
pub struct Claim {
    pub payment: Payment,
    pub step: Step,
    /// Of [`Step::Authorise`].
    pub card_token: Option<SecretString>,
    /// This one counted.
    pub attempts: u32,
    pub written_at: Timestamp,
    lease: Uuid,
}

impl PaymentStore {
    /// Claims the payment's first open step, if it is due and nobody holds it. One conditional UPDATE decides
    /// between two drivers.
    pub async fn claim(
        &self,
        payment_id: Uuid,
        now: Timestamp,
        lease_for: Duration,
    ) -> Result<Option<Claim>, Error> {
        let lease = Uuid::new_v4();
        let mut write = self.store.write().await?;
        let row = sqlx::query(
            "UPDATE steps SET lease = $1, lease_until = $2, attempts = attempts + 1 \
             WHERE payment_id = $3 AND done_at IS NULL AND due_at <= $4 \
               AND (lease_until IS NULL OR lease_until <= $4) \
               AND place = (SELECT MIN(place) FROM steps WHERE payment_id = $3 AND done_at IS NULL) \
             RETURNING kind, card_token, attempts, written_at",
        )
        .bind(lease.to_string())
        .bind(now.plus(lease_for).0)
        .bind(payment_id.to_string())
        .bind(now.0)
        .fetch_optional(&mut *write)
        .await?;
        let Some(row) = row else {
            write.rollback().await?;
            return Ok(None);
        };
        let card_token: Option<String> = row.try_get("card_token")?;
        let attempts: i64 = row.try_get("attempts")?;
        let claim = Claim {
            payment: read_payment(&mut write, payment_id).await?,
            step: rows::step(&row)?,
            card_token: card_token.map(SecretString::from),
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            written_at: Timestamp(row.try_get("written_at")?),
            lease,
        };
        write.commit().await?;
        Ok(Some(claim))
    }

    /// The claim goes on until `until`. `false`: it has run out, and another driver has the step now.
    pub async fn renew(&self, claim: &Claim, until: Timestamp) -> Result<bool, Error> {
        let renewed = sqlx::query(
            "UPDATE steps SET lease_until = $1 \
             WHERE payment_id = $2 AND kind = $3 AND lease = $4 AND done_at IS NULL",
        )
        .bind(until.0)
        .bind(claim.payment.id.to_string())
        .bind(claim.step.as_str())
        .bind(claim.lease.to_string())
        .execute(self.store.pool())
        .await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Closes a step with its answer's effect. `false`: the lease has run out and another driver has the step now;
    /// nothing was written, its answer counts.
    pub async fn record(
        &self,
        claim: &Claim,
        effect: Effect,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut write = self.store.write().await?;
        lock_payment(&mut write, claim.payment.id).await?;
        // The card token is erased with the step that needed it.
        let closed = sqlx::query(
            "UPDATE steps SET done_at = $1, card_token = NULL, lease = NULL, lease_until = NULL \
             WHERE payment_id = $2 AND kind = $3 AND lease = $4 AND done_at IS NULL",
        )
        .bind(now.0)
        .bind(claim.payment.id.to_string())
        .bind(claim.step.as_str())
        .bind(claim.lease.to_string())
        .execute(&mut *write)
        .await?;
        if closed.rows_affected() != 1 {
            write.rollback().await?;
            return Ok(false);
        }
        change_payment(&mut write, &claim.payment, effect, now).await?;
        if let Some(next) = effect.next {
            write_step(&mut write, claim.payment.id, next, now).await?;
        }
        if effect.becomes == Some(Status::Failed) {
            // A refund that somebody asked for meanwhile: no money was taken.
            close_open_steps(&mut write, claim.payment.id, now).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    /// Gives a claim back: the step is tried again from `due_at` on.
    pub async fn put_off(&self, claim: &Claim, due_at: Timestamp) -> Result<(), Error> {
        let mut write = self.store.write().await?;
        sqlx::query(
            "UPDATE steps SET due_at = $1, lease = NULL, lease_until = NULL \
             WHERE payment_id = $2 AND kind = $3 AND lease = $4 AND done_at IS NULL",
        )
        .bind(due_at.0)
        .bind(claim.payment.id.to_string())
        .bind(claim.step.as_str())
        .bind(claim.lease.to_string())
        .execute(&mut *write)
        .await?;
        write.commit().await
    }
}

/// Without it, a refund that is asked for again at this moment would hold the payment and wait for its step, while this
/// transaction holds the step and waits for the payment.
async fn lock_payment(write: &mut Write, id: Uuid) -> Result<(), Error> {
    sqlx::query("UPDATE payments SET updated_at = updated_at WHERE id = $1")
        .bind(id.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn read_payment(write: &mut Write, id: Uuid) -> Result<Payment, Error> {
    let sql = format!("SELECT {PAYMENT} FROM payments WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_one(&mut **write)
        .await?;
    rows::payment(&row)
}

/// One conditional UPDATE from the state that the driver saw; a change that the state machine does not know, or a
/// payment that is no longer in that state, writes nothing at all.
async fn change_payment(
    write: &mut Write,
    payment: &Payment,
    effect: Effect,
    now: Timestamp,
) -> Result<(), Error> {
    let from = payment.status;
    let to = effect.becomes.unwrap_or(from);
    if to != from && !from.may_become(to) {
        return Err(Error::Protocol(format!(
            "a payment does not go from {from:?} to {to:?}"
        )));
    }
    let changed = sqlx::query(
        "UPDATE payments SET status = $1, failure_code = COALESCE($2, failure_code), \
                             charge_id = COALESCE($3, charge_id), confirmed_at = COALESCE($4, confirmed_at), \
                             updated_at = $5 \
         WHERE id = $6 AND status = $7",
    )
    .bind(to.as_str())
    .bind(effect.failure.map(|failure| failure.as_str()))
    .bind(effect.charge_id.map(|id| id.to_string()))
    .bind(effect.confirmed.then_some(now.0))
    .bind(now.0)
    .bind(payment.id.to_string())
    .bind(from.as_str())
    .execute(&mut **write)
    .await?;
    if changed.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::Protocol(format!(
        "payment {} is no longer {from:?}",
        payment.id
    )))
}

pub(super) async fn write_step(
    write: &mut Write,
    payment_id: Uuid,
    step: Step,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO steps (payment_id, kind, place, due_at, written_at) VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT (payment_id, kind) DO NOTHING",
    )
    .bind(payment_id.to_string())
    .bind(step.as_str())
    .bind(step.place())
    .bind(now.0)
    .execute(&mut **write)
    .await?;
    Ok(())
}

async fn close_open_steps(
    write: &mut Write,
    payment_id: Uuid,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query("UPDATE steps SET done_at = $1 WHERE payment_id = $2 AND done_at IS NULL")
        .bind(now.0)
        .bind(payment_id.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}
