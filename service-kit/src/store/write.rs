//! A transaction that writes.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::OwnedMutexGuard;

/// A writing transaction. Pass `&mut *write` to queries.
#[derive(Debug)]
pub struct Write {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    /// `turn`: SQLite's one writer.
    pub(super) async fn begin(
        pool: &AnyPool,
        turn: Option<OwnedMutexGuard<()>>,
    ) -> Result<Self, sqlx::Error> {
        // A SQLite transaction that reads first and writes later may find the file changed and fail; IMMEDIATE
        // takes the write lock at the start.
        let transaction = match turn {
            Some(_) => pool.begin_with("BEGIN IMMEDIATE").await?,
            None => pool.begin().await?,
        };
        Ok(Self {
            transaction,
            _turn: turn,
        })
    }

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
