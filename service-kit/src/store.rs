//! One code path for SQLite (default, embedded) and PostgreSQL: `sqlx`'s `Any` driver and plain SQL.
//!
//! What both understand: TEXT (UUIDs too), BIGINT (times as UTC milliseconds, money as cents, truth as 0 and 1),
//! parameters written `$1`, `ON CONFLICT`, `RETURNING`, partial unique indexes.
//!
//! What a store must not count on, because only SQLite gives it: that transactions that write run one after the other.
//! In PostgreSQL (READ COMMITTED) many run at once, in several processes, and each statement sees what others have
//! committed meanwhile. So what is decided on a row is decided under its lock: an `UPDATE` of it stands first, and all
//! transactions lock in the same order. A statement that failed ends its transaction there: `ON CONFLICT`, or roll back.

mod connecting;
mod failure;
mod migrating;
mod write;

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyPool, Connection};
use tokio::sync::Mutex;

use crate::config::StoreConfig;

pub use failure::{is_unavailable, is_unique_violation};
pub use migrating::CONTRACT;
pub use write::Write;

/// Readiness is asked every few seconds, and its answer must not hang.
const PING_WITHIN: Duration = Duration::from_secs(1);

/// A pool of connections to the service's own database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    /// SQLite has one writer at a time: writers queue here, in order, instead of polling a locked file.
    writer: Option<Arc<Mutex<()>>>,
}

/// One migration: its version, its name, its SQL (`include_str!`). While it is rolled out, the version before works on
/// its tables too, so it only adds; one that takes something away is named so ([`CONTRACT`]).
pub type MigrationFile = (i64, &'static str, &'static str);

impl Store {
    /// Connects and brings the schema up to date. A PostgreSQL that does not answer yet is waited for.
    ///
    /// # Errors
    /// No such database, no right to write, a migration that was changed after it ran, tables of another service, or of
    /// a version with which this one cannot live.
    pub async fn open(config: &StoreConfig, migrations: &[MigrationFile]) -> anyhow::Result<Self> {
        let target = connecting::Target::of(config);
        // A connection of its own: a migration may take longer than a request's statement may.
        let mut first = target.first_connection(config.start_wait).await?;
        migrating::bring_up_to_date(&mut first, migrations, target.is_sqlite()).await?;
        first.close().await?;
        Ok(Self {
            pool: target.pool(config)?,
            writer: target.is_sqlite().then(Arc::default),
        })
    }

    /// For reading, and for single statements that write.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// A transaction that writes. It is rolled back unless [`Write::commit`] is called.
    pub async fn write(&self) -> Result<Write, sqlx::Error> {
        let turn = match &self.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        };
        Write::begin(&self.pool, turn).await
    }

    /// Whether the database answers now; for readiness.
    pub async fn ping(&self) -> bool {
        let asked = sqlx::query("SELECT 1").execute(&self.pool);
        matches!(tokio::time::timeout(PING_WITHIN, asked).await, Ok(Ok(_)))
    }

    /// How full the pool is, for metrics.
    pub(crate) fn tell_connections(&self) {
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(u32::MAX);
        metrics::gauge!("store_connections_open").set(self.pool.size());
        metrics::gauge!("store_connections_idle").set(idle);
        let most = self.pool.options().get_max_connections();
        metrics::gauge!("store_connections_most").set(most);
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
