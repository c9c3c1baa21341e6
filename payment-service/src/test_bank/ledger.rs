//! The bank's books: charges, and each time that money moved. All of it is idempotent.

use service_kit::clock::Timestamp;
use service_kit::config::StoreConfig;
use service_kit::store::{MigrationFile, Store, Write};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Error, Row};
use uuid::Uuid;

use super::charge::{Charge, ChargeStatus, DeclineCode};

const MIGRATIONS: &[MigrationFile] = &[(1, "charges", include_str!("migrations/0001_charges.sql"))];

/// What [`charge`] reads; by name, for the same reason as payments.
const CHARGE: &str = "id, reference, amount_cents, currency, status, decline_code";

#[derive(Debug, Clone)]
pub struct Ledger {
    store: Store,
}

/// What a merchant orders.
#[derive(Debug, Clone)]
pub struct NewCharge {
    pub reference: Uuid,
    pub amount_cents: i64,
    pub currency: String,
    /// Set: the card is declined.
    pub decline_code: Option<DeclineCode>,
}

/// Whether the reference was new.
#[derive(Debug)]
pub enum Ordered {
    New(Charge),
    Known(Charge),
}

/// How often and how much money moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Movements {
    pub times_taken: usize,
    pub times_returned: usize,
    /// What the bank has taken and not given back, in cents.
    pub balance_cents: i64,
}

impl Ledger {
    pub async fn open(config: &StoreConfig) -> anyhow::Result<Self> {
        let store = Store::open(config, MIGRATIONS).await?;
        Ok(Self { store })
    }

    /// The database itself, for whoever opens and closes it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Authorises or declines; a known reference gives the charge that it named first.
    pub async fn order(&self, new: &NewCharge, now: Timestamp) -> Result<Ordered, Error> {
        let status = match new.decline_code {
            Some(_) => ChargeStatus::Declined,
            None => ChargeStatus::Authorised,
        };
        let mut write = self.store.write().await?;
        let inserted = sqlx::query(
            "INSERT INTO charges (id, reference, amount_cents, currency, status, decline_code, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (reference) DO NOTHING",
        )
        .bind(Uuid::new_v4().to_string())
        .bind(new.reference.to_string())
        .bind(new.amount_cents)
        .bind(new.currency.as_str())
        .bind(status.as_str())
        .bind(new.decline_code.map(DeclineCode::as_str))
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        let sql = format!("SELECT {CHARGE} FROM charges WHERE reference = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(new.reference.to_string())
            .fetch_one(&mut *write)
            .await?;
        write.commit().await?;
        let charge = charge(&row)?;
        Ok(match inserted.rows_affected() {
            0 => Ordered::Known(charge),
            _ => Ordered::New(charge),
        })
    }

    /// Takes the money of an authorised charge. The charge as it stands then; `None`: no such charge.
    pub async fn capture(&self, id: Uuid, now: Timestamp) -> Result<Option<Charge>, Error> {
        let (from, to) = (ChargeStatus::Authorised, ChargeStatus::Captured);
        let mut write = self.store.write().await?;
        if let Some(charge) = change(&mut write, id, from, to).await? {
            record_movement(&mut write, id, charge.amount_cents, now).await?;
        }
        finish(write, id).await
    }

    /// Gives back what was captured, or lets go what was only authorised. As [`Ledger::capture`].
    pub async fn refund(&self, id: Uuid, now: Timestamp) -> Result<Option<Charge>, Error> {
        let (captured, refunded) = (ChargeStatus::Captured, ChargeStatus::Refunded);
        let mut write = self.store.write().await?;
        // A capture on its way ends first. Without that, the first question below would come before it and the second
        // after it, neither would find the charge, and its money would not go back.
        lock(&mut write, id).await?;
        if let Some(charge) = change(&mut write, id, captured, refunded).await? {
            record_movement(&mut write, id, -charge.amount_cents, now).await?;
        } else {
            change(&mut write, id, ChargeStatus::Authorised, refunded).await?;
        }
        finish(write, id).await
    }

    pub async fn find_by_reference(&self, reference: Uuid) -> Result<Option<Charge>, Error> {
        let sql = format!("SELECT {CHARGE} FROM charges WHERE reference = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(reference.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        row.as_ref().map(charge).transpose()
    }

    /// All charges, the oldest first.
    pub async fn charges(&self) -> Result<Vec<Charge>, Error> {
        let sql = format!("SELECT {CHARGE} FROM charges ORDER BY created_at, id");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(self.store.pool())
            .await?;
        rows.iter().map(charge).collect()
    }

    /// How often money moved for a reference (a payment's id).
    pub async fn movements(&self, reference: Uuid) -> Result<Movements, Error> {
        let rows = sqlx::query(
            "SELECT cents FROM movements JOIN charges ON charges.id = movements.charge_id WHERE reference = $1",
        )
        .bind(reference.to_string())
        .fetch_all(self.store.pool())
        .await?;
        let mut movements = Movements::default();
        for row in &rows {
            let cents: i64 = row.try_get(0)?;
            movements.balance_cents += cents;
            if cents > 0 {
                movements.times_taken += 1;
            } else {
                movements.times_returned += 1;
            }
        }
        Ok(movements)
    }
}

/// Until this transaction ends nobody else changes the charge (PostgreSQL; SQLite has one writer at a time).
async fn lock(write: &mut Write, id: Uuid) -> Result<(), Error> {
    sqlx::query("UPDATE charges SET status = status WHERE id = $1")
        .bind(id.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// One conditional UPDATE; the charge, if it was in the state `from`.
async fn change(
    write: &mut Write,
    id: Uuid,
    from: ChargeStatus,
    to: ChargeStatus,
) -> Result<Option<Charge>, Error> {
    let sql =
        format!("UPDATE charges SET status = $1 WHERE id = $2 AND status = $3 RETURNING {CHARGE}");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(to.as_str())
        .bind(id.to_string())
        .bind(from.as_str())
        .fetch_optional(&mut **write)
        .await?;
    row.as_ref().map(charge).transpose()
}

async fn record_movement(
    write: &mut Write,
    charge_id: Uuid,
    cents: i64,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO movements (id, charge_id, cents, moved_at) VALUES ($1, $2, $3, $4)")
        .bind(Uuid::new_v4().to_string())
        .bind(charge_id.to_string())
        .bind(cents)
        .bind(now.0)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn finish(mut write: Write, id: Uuid) -> Result<Option<Charge>, Error> {
    let sql = format!("SELECT {CHARGE} FROM charges WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(&mut *write)
        .await?;
    write.commit().await?;
    row.as_ref().map(charge).transpose()
}

fn charge(row: &AnyRow) -> Result<Charge, Error> {
    let unreadable = || Error::Decode("a charge's row cannot be read".into());
    let uuid = |column| -> Result<Uuid, Error> {
        let text: String = row.try_get(column)?;
        Uuid::try_parse(&text).map_err(|_| unreadable())
    };
    let status: String = row.try_get("status")?;
    let decline_code: Option<String> = row.try_get("decline_code")?;
    Ok(Charge {
        id: uuid("id")?,
        reference: uuid("reference")?,
        amount_cents: row.try_get("amount_cents")?,
        currency: row.try_get("currency")?,
        status: ChargeStatus::parse(&status).ok_or_else(unreadable)?,
        decline_code: decline_code
            .map(|text| DeclineCode::parse(&text).ok_or_else(unreadable))
            .transpose()?,
    })
}

#[cfg(test)]
mod tests;
