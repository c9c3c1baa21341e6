//! Rows of `accounts`.

use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AnyPool};
use uuid::Uuid;

use super::parsed;
use crate::domain::account::{Account, pseudo_key};

type Row = (String, String, String, String, String, i64);

/// Why an account was not created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Pseudo,
    Email,
}

/// Creates an account, unless its pseudo or its address has one already.
pub async fn insert(
    write: &mut AnyConnection,
    account: &Account,
    email_index: &str,
) -> Result<Result<(), Taken>, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO accounts (id, pseudo, pseudo_key, email_sealed, email_index, password_hash, role, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(account.id.to_string())
    .bind(&account.pseudo)
    .bind(pseudo_key(&account.pseudo))
    .bind(&account.email_sealed)
    .bind(email_index)
    .bind(&account.password_hash)
    .bind(account.role.as_str())
    .bind(account.created_at.0)
    .execute(&mut *write)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    let with_pseudo: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM accounts WHERE pseudo_key = $1")
            .bind(pseudo_key(&account.pseudo))
            .fetch_one(&mut *write)
            .await?;
    Ok(Err(if with_pseudo > 0 {
        Taken::Pseudo
    } else {
        Taken::Email
    }))
}

pub async fn by_id(pool: &AnyPool, id: Uuid) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query_as(
        "SELECT id, pseudo, email_sealed, password_hash, role, created_at FROM accounts WHERE id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(pool)
    .await?;
    row.map(account).transpose()
}

/// The pseudo's case does not matter.
pub async fn by_pseudo(pool: &AnyPool, pseudo: &str) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query_as(
        "SELECT id, pseudo, email_sealed, password_hash, role, created_at FROM accounts WHERE pseudo_key = $1",
    )
    .bind(pseudo_key(pseudo))
    .fetch_optional(pool)
    .await?;
    row.map(account).transpose()
}

pub async fn by_email(pool: &AnyPool, email_index: &str) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query_as(
        "SELECT id, pseudo, email_sealed, password_hash, role, created_at FROM accounts WHERE email_index = $1",
    )
    .bind(email_index)
    .fetch_optional(pool)
    .await?;
    row.map(account).transpose()
}

fn account(row: Row) -> Result<Account, sqlx::Error> {
    let (id, pseudo, email_sealed, password_hash, role, created_at) = row;
    Ok(Account {
        id: parsed("id", &id)?,
        pseudo,
        email_sealed,
        password_hash,
        role: parsed("role", &role)?,
        created_at: Timestamp(created_at),
    })
}
