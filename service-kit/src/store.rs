//! One code path for SQLite (default, embedded) and PostgreSQL: `sqlx`'s `Any` driver and plain SQL.
//!
//! What both understand: TEXT (UUIDs too), BIGINT (times as UTC milliseconds, money as cents, truth as 0 and 1),
//! parameters written `$1`, `ON CONFLICT`, `RETURNING`, partial unique indexes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use secrecy::ExposeSecret;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyConnection, AnyPool, Executor, SqlSafeStr, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::config::StoreConfig;

/// A pool of connections to the service's own database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    /// SQLite has one writer at a time: writers queue here, in order, instead of polling a locked file.
    writer: Option<Arc<Mutex<()>>>,
}

/// One migration: its version, its name, its SQL (`include_str!`).
pub type MigrationFile = (i64, &'static str, &'static str);

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// No such database, no right to write, a migration that was changed after it ran.
    pub async fn open(config: &StoreConfig, migrations: &[MigrationFile]) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let url = config.url.expose_secret();
        let sqlite = url.starts_with("sqlite:");
        let url = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        let pool = AnyPoolOptions::new()
            .max_connections(config.connections)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        connection.execute(SQLITE_PRAGMAS).await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await
            .map_err(|error| {
                anyhow::anyhow!("DATABASE_URL: the database cannot be opened ({error})")
            })?;
        migrator(migrations).run(&pool).await?;
        let writer = sqlite.then(Arc::default);
        Ok(Self { pool, writer })
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
        // A SQLite transaction that reads first and writes later may find the file changed and fail; IMMEDIATE
        // takes the write lock at the start.
        let transaction = match turn {
            Some(_) => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            None => self.pool.begin().await?,
        };
        Ok(Write {
            transaction,
            _turn: turn,
        })
    }

    /// Whether the database answers; for readiness.
    pub async fn ping(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// `synchronous = FULL`: an answered request survives a power cut, not only a killed process. `secure_delete`: what is
/// erased (a card token, a password hash) is overwritten, and cannot be read out of the file's free space. A limit:
/// older states of a page stay in the write-ahead log until it is written anew or the store is closed.
const SQLITE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; \
                              PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA secure_delete = ON;";

/// A writing transaction. Pass `&mut *write` to queries.
#[derive(Debug)]
pub struct Write {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }

    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.transaction.rollback().await
    }
}

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

fn migrator(files: &[MigrationFile]) -> Migrator {
    let migrations = files.iter().map(|&(version, name, sql)| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Whether an insert failed because another row already has the same unique value.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.is_unique_violation())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[MigrationFile] = &[(
        1,
        "seats",
        "CREATE TABLE seats (id TEXT PRIMARY KEY, taken BIGINT NOT NULL);",
    )];

    async fn store(folder: &tempfile::TempDir) -> Store {
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let config = StoreConfig {
            url: url.into(),
            connections: 4,
        };
        Store::open(&config, TABLE)
            .await
            .expect("a store in a temporary folder")
    }

    #[tokio::test]
    async fn parallel_writers_queue_and_none_is_lost() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store(&folder).await;
        sqlx::query("INSERT INTO seats VALUES ($1, $2)")
            .bind("a")
            .bind(0_i64)
            .execute(store.pool())
            .await
            .unwrap();
        let writers = (0..50).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await?;
                sqlx::query("UPDATE seats SET taken = taken + 1 WHERE id = $1")
                    .bind("a")
                    .execute(&mut *write)
                    .await?;
                write.commit().await
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("no panic").expect("no lock error");
        }
        let taken: i64 = sqlx::query_scalar("SELECT taken FROM seats")
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert_eq!(taken, 50);
    }

    #[tokio::test]
    async fn an_erased_text_is_not_left_in_the_closed_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store(&folder).await;
        let token = "tok_accepted_once";
        for sql in [
            "INSERT INTO seats VALUES ($1, 1)",
            "DELETE FROM seats WHERE id = $1",
        ] {
            let query = sqlx::query(sql).bind(token);
            query.execute(store.pool()).await.expect("a statement");
        }
        store.close().await;
        for entry in std::fs::read_dir(folder.path()).expect("the folder") {
            let file = std::fs::read(entry.expect("an entry").path()).expect("a file");
            let mut windows = file.windows(token.len());
            assert!(windows.all(|window| window != token.as_bytes()));
        }
    }

    #[tokio::test]
    async fn a_write_that_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store(&folder).await;
        let mut write = store.write().await.unwrap();
        sqlx::query("INSERT INTO seats VALUES ('a', 1)")
            .execute(&mut *write)
            .await
            .unwrap();
        drop(write);
        let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM seats")
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert_eq!(rows, 0);
        let mut second = store.write().await.unwrap();
        let inserted = sqlx::query("INSERT INTO seats VALUES ('a', 1), ('a', 2)")
            .execute(&mut *second)
            .await;
        assert!(is_unique_violation(&inserted.unwrap_err()));
    }
}
