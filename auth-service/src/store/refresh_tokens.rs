//! Families of refresh tokens.

use service_kit::clock::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::parsed;
use crate::domain::client::FIRST_PARTY;
use crate::domain::rotation::Presented;

type Row = (String, String, String, i64, i64, i64, i64, i64);

pub async fn open_family(
    write: &mut AnyConnection,
    family: Uuid,
    account: Uuid,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO refresh_families (id, account_id, client_id, created_at, last_used_at, expires_at, ended_at)
         VALUES ($1, $2, $3, $4, $4, $5, 0)",
    )
    .bind(family.to_string())
    .bind(account.to_string())
    .bind(FIRST_PARTY)
    .bind(now.0)
    .bind(expires_at.0)
    .execute(write)
    .await
    .map(|_| ())
}

pub async fn insert(
    write: &mut AnyConnection,
    hash: &str,
    family: Uuid,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO refresh_tokens (hash, family_id, expires_at, used_at) VALUES ($1, $2, $3, 0)",
    )
    .bind(hash)
    .bind(family.to_string())
    .bind(expires_at.0)
    .execute(write)
    .await
    .map(|_| ())
}

/// Notes that somebody came with a token, and finds all that decides about it.
///
/// The note comes first: in PostgreSQL it holds the family's row until the transaction ends, so that of two tabs that
/// refresh at once the second sees what the first did. In SQLite the writing transaction does the same.
pub async fn present(
    write: &mut AnyConnection,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Presented>, sqlx::Error> {
    sqlx::query(
        "UPDATE refresh_families SET last_used_at = $2
         WHERE id = (SELECT family_id FROM refresh_tokens WHERE hash = $1)",
    )
    .bind(hash)
    .bind(now.0)
    .execute(&mut *write)
    .await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT f.id, a.id, a.role, COALESCE(l.locked_until, 0), f.expires_at, f.ended_at, t.expires_at, t.used_at
         FROM refresh_tokens t
         JOIN refresh_families f ON f.id = t.family_id
         JOIN accounts a ON a.id = f.account_id
         LEFT JOIN login_attempts l ON l.subject = a.id
         WHERE t.hash = $1",
    )
    .bind(hash)
    .fetch_optional(&mut *write)
    .await?;
    row.map(presented).transpose()
}

pub async fn mark_used(
    write: &mut AnyConnection,
    hash: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1")
        .bind(hash)
        .bind(now.0)
        .execute(write)
        .await
        .map(|_| ())
}

/// When a token of the store expires.
pub async fn expiry(write: &mut AnyConnection, hash: &str) -> Result<Timestamp, sqlx::Error> {
    sqlx::query_scalar("SELECT expires_at FROM refresh_tokens WHERE hash = $1")
        .bind(hash)
        .fetch_one(write)
        .await
        .map(Timestamp)
}

pub async fn end_family(
    write: &mut AnyConnection,
    family: Uuid,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE refresh_families SET ended_at = $2 WHERE id = $1 AND ended_at = 0")
        .bind(family.to_string())
        .bind(now.0)
        .execute(write)
        .await
        .map(|_| ())
}

/// Ends the family of a token, used or not, and names it and its account. An unknown token ends nothing, nor does one of a family that
/// has ended.
pub async fn end_family_of(
    write: &mut AnyConnection,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(Uuid, Uuid)>, sqlx::Error> {
    let ended: Option<(String, String)> = sqlx::query_as(
        "UPDATE refresh_families SET ended_at = $2
         WHERE ended_at = 0 AND id = (SELECT family_id FROM refresh_tokens WHERE hash = $1)
         RETURNING id, account_id",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(write)
    .await?;
    ended
        .map(|(family, account)| Ok((parsed("family", &family)?, parsed("account", &account)?)))
        .transpose()
}

/// Deletes what can never be exchanged again: tokens that expired, families that expired or ended, with their tokens.
/// A used token stays until its own expiry, because its reuse must still be noticed.
pub async fn prune(write: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let tokens = sqlx::query(
        "DELETE FROM refresh_tokens WHERE expires_at <= $1
         OR family_id IN (SELECT id FROM refresh_families WHERE expires_at <= $1 OR ended_at > 0)",
    )
    .bind(now.0)
    .execute(&mut *write)
    .await?;
    // A family without a token cannot go on either, whatever its own expiry.
    let families = sqlx::query(
        "DELETE FROM refresh_families WHERE NOT EXISTS
         (SELECT 1 FROM refresh_tokens WHERE refresh_tokens.family_id = refresh_families.id)",
    )
    .execute(&mut *write)
    .await?;
    Ok(tokens.rows_affected() + families.rows_affected())
}

fn presented(row: Row) -> Result<Presented, sqlx::Error> {
    let (family, account, role, locked_until, family_expires_at, ended_at, expires_at, used_at) =
        row;
    Ok(Presented {
        family: parsed("family", &family)?,
        account: parsed("account", &account)?,
        role: parsed("role", &role)?,
        locked_until: Timestamp(locked_until),
        family_expires_at: Timestamp(family_expires_at),
        family_ended: ended_at > 0,
        expires_at: Timestamp(expires_at),
        used_at: (used_at > 0).then_some(Timestamp(used_at)),
    })
}
