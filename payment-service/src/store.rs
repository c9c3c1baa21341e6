//! The service's own database: payments, and the outbox of their steps.
//!
//! A transaction that changes both locks the payment's row first, then rows of its steps, so that no two transactions of
//! PostgreSQL can wait for each other. (SQLite has one writer at a time.)

mod due;
mod outbox;
mod payments;
mod refunds;
mod rows;

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;
use service_kit::config::StoreConfig;
use service_kit::store::{MigrationFile, Store};
use uuid::Uuid;

use crate::domain::payment::Payment;

pub use outbox::Claim;

const MIGRATIONS: &[MigrationFile] = &[(
    1,
    "payments",
    include_str!("../migrations/0001_payments.sql"),
)];

#[derive(Debug, Clone)]
pub struct PaymentStore {
    store: Store,
}

/// What became of a new payment.
#[derive(Debug)]
pub enum Inserted {
    New(Payment),
    /// The user has used this key before.
    KeyTaken(Keyed),
    /// Another payment for this booking is under way or done.
    BookingTaken,
}

/// A payment as its idempotency key finds it.
#[derive(Debug)]
pub struct Keyed {
    pub payment: Payment,
    /// Of the request that made it.
    pub fingerprint: String,
}

/// Where a page of a list ends: the next one begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub created_at: Timestamp,
    pub id: Uuid,
}

impl PaymentStore {
    pub async fn open(config: &StoreConfig) -> anyhow::Result<Self> {
        let store = Store::open(config, MIGRATIONS).await?;
        Ok(Self { store })
    }

    /// The database itself, for whoever opens and closes it.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
