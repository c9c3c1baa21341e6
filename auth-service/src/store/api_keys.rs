//! Rows of `api_keys`.

use service_kit::clock::Timestamp;
use sqlx::{Any, AnyConnection, AnyPool, Executor};
use uuid::Uuid;

use super::parsed;
use crate::domain::api_key::{Owner, StoredKey};
use crate::domain::scope::Scopes;

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    i64,
);

/// Whose keys they are. From here on, and until the transaction ends, requests that make keys of this account take their
/// turn: sent at one moment, they would each count before any of them was written.
pub async fn lock_owner(
    write: &mut AnyConnection,
    account: Uuid,
) -> Result<Option<Owner>, sqlx::Error> {
    let locked = sqlx::query("UPDATE accounts SET role = role WHERE id = $1")
        .bind(account.to_string())
        .execute(&mut *write)
        .await?;
    if locked.rows_affected() == 0 {
        return Ok(None);
    }
    owner(write, account).await.map(Some)
}

/// Those that have not expired.
pub async fn count(
    write: &mut AnyConnection,
    account: Uuid,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM api_keys WHERE account_id = $1 AND expires_at > $2")
        .bind(account.to_string())
        .bind(now.0)
        .fetch_one(write)
        .await
}

pub async fn insert(write: &mut AnyConnection, key: &StoredKey) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO api_keys (id, account_id, name, hash, prefix, scopes, created_at, expires_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    )
    .bind(key.id.to_string())
    .bind(key.account.to_string())
    .bind(&key.name)
    .bind(key.hash.to_string())
    .bind(&key.prefix)
    .bind(key.scopes.to_string())
    .bind(key.created_at.0)
    .bind(key.expires_at.0)
    .execute(write)
    .await
    .map(|_| ())
}

/// An account's keys that have not expired, the newest first.
pub async fn of_account(
    pool: &AnyPool,
    account: Uuid,
    now: Timestamp,
) -> Result<Vec<StoredKey>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, account_id, name, hash, prefix, scopes, created_at, expires_at, last_used_at
         FROM api_keys WHERE account_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id",
    )
    .bind(account.to_string())
    .bind(now.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(key).collect()
}

/// A key, and what decides about it.
pub async fn by_hash(
    pool: &AnyPool,
    hash: &str,
) -> Result<Option<(StoredKey, Owner)>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, account_id, name, hash, prefix, scopes, created_at, expires_at, last_used_at
         FROM api_keys WHERE hash = $1",
    )
    .bind(hash)
    .fetch_optional(pool)
    .await?;
    let Some(found) = row.map(key).transpose()? else {
        return Ok(None);
    };
    let owner = owner(pool, found.account).await?;
    Ok(Some((found, owner)))
}

/// Of this account alone; whether there was such a key.
pub async fn delete(
    write: &mut AnyConnection,
    id: Uuid,
    account: Uuid,
) -> Result<bool, sqlx::Error> {
    let deleted = sqlx::query("DELETE FROM api_keys WHERE id = $1 AND account_id = $2")
        .bind(id.to_string())
        .bind(account.to_string())
        .execute(write)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

pub async fn note_use(
    write: &mut AnyConnection,
    id: Uuid,
    day: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2")
        .bind(id.to_string())
        .bind(day.0)
        .execute(write)
        .await
        .map(|_| ())
}

/// Deletes what opens nothing any more.
pub async fn prune(write: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM api_keys WHERE expires_at <= $1")
        .bind(now.0)
        .execute(write)
        .await?;
    Ok(gone.rows_affected())
}

async fn owner<'e>(
    executor: impl Executor<'e, Database = Any>,
    account: Uuid,
) -> Result<Owner, sqlx::Error> {
    let (role, locked_until): (String, i64) = sqlx::query_as(
        "SELECT a.role, COALESCE(l.locked_until, 0) FROM accounts a
         LEFT JOIN login_attempts l ON l.subject = a.id WHERE a.id = $1",
    )
    .bind(account.to_string())
    .fetch_one(executor)
    .await?;
    Ok(Owner {
        role: parsed("role", &role)?,
        locked_until: Timestamp(locked_until),
    })
}

fn key(row: Row) -> Result<StoredKey, sqlx::Error> {
    let (id, account, name, hash, prefix, scopes, created_at, expires_at, last_used_at) = row;
    Ok(StoredKey {
        id: parsed("id", &id)?,
        account: parsed("account_id", &account)?,
        name,
        hash: parsed("hash", &hash)?,
        prefix,
        scopes: parsed::<Scopes>("scopes", &scopes)?,
        created_at: Timestamp(created_at),
        expires_at: Timestamp(expires_at),
        last_used_at: (last_used_at > 0).then_some(Timestamp(last_used_at)),
    })
}
