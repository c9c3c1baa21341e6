//! Bookings at rest. Every method that writes is one transaction: it happens whole or not at all, whenever the process
//! dies.
//!
//! Locks are always taken in this order, so that no two transactions of PostgreSQL can wait for each other: the user's
//! row in `holders`, then the day's row in `seats`, then bookings. (SQLite has one writer at a time.)

mod cancellation;
mod change;
mod confirmation;
mod creation;
mod expiry;
mod keys;
mod listing;
mod refund_orders;
mod row;
mod seats;
#[cfg(test)]
mod tests;

use service_kit::config::StoreConfig;
use service_kit::store::{MigrationFile, Store};

use crate::domain::Refusal;

pub use creation::Created;
pub use keys::RequestKey;
pub use listing::Position;

const MIGRATIONS: &[MigrationFile] = &[(
    1,
    "bookings",
    include_str!("../migrations/0001_bookings.sql"),
)];

/// The service's own database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Bookings {
    store: Store,
}

/// A rule says no, or the database failed. Either way nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("store: {0}")]
    Database(#[from] sqlx::Error),
}

impl Bookings {
    /// # Errors
    /// No such database, no right to write, a migration that was changed after it ran.
    pub async fn open(config: &StoreConfig) -> anyhow::Result<Self> {
        let store = Store::open(config, MIGRATIONS).await?;
        Ok(Self { store })
    }

    /// The database itself, for whoever opens and closes it.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
