//! Rows of `signing_keys`; what they hold stays sealed here.

use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AnyPool};

#[derive(Debug, Clone)]
pub struct StoredKey {
    pub kid: String,
    pub generation: i64,
    pub sealed_key: String,
    pub signs_from: Timestamp,
}

/// All keys, in the order in which they sign.
pub async fn all(pool: &AnyPool) -> Result<Vec<StoredKey>, sqlx::Error> {
    let rows: Vec<(String, i64, String, i64)> = sqlx::query_as(
        "SELECT kid, generation, sealed_key, signs_from FROM signing_keys ORDER BY generation",
    )
    .fetch_all(pool)
    .await?;
    let keys = rows
        .into_iter()
        .map(|(kid, generation, sealed_key, signs_from)| StoredKey {
            kid,
            generation,
            sealed_key,
            signs_from: Timestamp(signs_from),
        });
    Ok(keys.collect())
}

/// Adds a key, unless another instance has just added one of the same generation: then that one counts.
pub async fn insert(write: &mut AnyConnection, key: &StoredKey) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO signing_keys (kid, generation, sealed_key, signs_from) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(&key.kid)
    .bind(key.generation)
    .bind(&key.sealed_key)
    .bind(key.signs_from.0)
    .execute(write)
    .await
    .map(|_| ())
}

pub async fn delete(write: &mut AnyConnection, kid: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM signing_keys WHERE kid = $1")
        .bind(kid)
        .execute(write)
        .await
        .map(|_| ())
}
