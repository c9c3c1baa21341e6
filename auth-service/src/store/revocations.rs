//! Rows of `revocations`, in the order in which gateways read them.

use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AnyPool};
use uuid::Uuid;

use super::parsed;
use crate::domain::revocation::{Revoked, ends};

/// A row as it is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub sequence: i64,
    pub kind: String,
    pub value: String,
    /// Seconds.
    pub issued_until: i64,
    pub ends_at: Timestamp,
}

/// The name of this database's feed, made where there is none yet.
pub async fn feed(write: &mut AnyConnection) -> Result<Uuid, sqlx::Error> {
    sqlx::query(
        "INSERT INTO revocation_feed (one, feed, last) VALUES (1, $1, 0) ON CONFLICT DO NOTHING",
    )
    .bind(Uuid::new_v4().to_string())
    .execute(&mut *write)
    .await?;
    let feed: String = sqlx::query_scalar("SELECT feed FROM revocation_feed")
        .fetch_one(write)
        .await?;
    parsed("feed", &feed)
}

/// Takes the next sequence; its row stays locked until the transaction ends.
pub async fn insert(
    write: &mut AnyConnection,
    revoked: &Revoked,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sequence: i64 =
        sqlx::query_scalar("UPDATE revocation_feed SET last = last + 1 RETURNING last")
            .fetch_one(&mut *write)
            .await?;
    sqlx::query(
        "INSERT INTO revocations (sequence, kind, value, issued_until, ends_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(sequence)
    .bind(revoked.kind())
    .bind(revoked.value())
    .bind(revoked.issued_until())
    .bind(ends(now).0)
    .execute(write)
    .await
    .map(|_| ())
}

/// The sequence of the last revocation.
pub async fn last(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT last FROM revocation_feed")
        .fetch_one(pool)
        .await
}

/// At most `limit` revocations behind `after`, up to `last`, that can still touch a token.
pub async fn between(
    pool: &AnyPool,
    after: i64,
    last: i64,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Revocation>, sqlx::Error> {
    let rows: Vec<(i64, String, String, i64, i64)> = sqlx::query_as(
        "SELECT sequence, kind, value, issued_until, ends_at FROM revocations
         WHERE sequence > $1 AND sequence <= $2 AND ends_at > $3 ORDER BY sequence LIMIT $4",
    )
    .bind(after)
    .bind(last)
    .bind(now.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let revocation = |(sequence, kind, value, issued_until, ends_at)| Revocation {
        sequence,
        kind,
        value,
        issued_until,
        ends_at: Timestamp(ends_at),
    };
    Ok(rows.into_iter().map(revocation).collect())
}

/// Deletes what touches no living token any more.
pub async fn prune(write: &mut AnyConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM revocations WHERE ends_at <= $1")
        .bind(now.0)
        .execute(write)
        .await?;
    Ok(gone.rows_affected())
}
