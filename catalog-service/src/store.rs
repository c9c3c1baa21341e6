//! Where tours are kept: one table, plain SQL that SQLite and PostgreSQL both read.

mod find;
mod row;
mod seed;
mod write;

#[cfg(test)]
pub(crate) use seed::seed_tours;

use service_kit::config::StoreConfig;
use service_kit::store::{MigrationFile, Store};

const MIGRATIONS: &[MigrationFile] = &[(1, "tours", include_str!("../migrations/0001_tours.sql"))];

#[derive(Debug, Clone)]
pub struct TourStore {
    store: Store,
}

impl TourStore {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open(config: &StoreConfig) -> anyhow::Result<Self> {
        let store = Store::open(config, MIGRATIONS).await?;
        Ok(Self { store })
    }

    /// The database itself, for whoever opens and closes it.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

#[cfg(test)]
mod tests;
