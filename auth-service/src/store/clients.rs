//! Rows of `clients`.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use service_kit::clock::Timestamp;
use sqlx::{AnyConnection, AnyPool};

use crate::domain::client::{Client, SecretHash};
use crate::domain::scope::Scopes;

/// Creates a client; false when its id is taken.
pub async fn insert(
    write: &mut AnyConnection,
    client: &Client,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO clients (id, name, secret_hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(&client.id)
    .bind(&client.name)
    .bind(BASE64_URL_SAFE_NO_PAD.encode(client.secret.0))
    .bind(client.scopes.to_string())
    .bind(now.0)
    .execute(write)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<Client>, sqlx::Error> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("SELECT id, name, secret_hash, scopes FROM clients WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await?;
    row.map(|(id, name, secret, scopes)| {
        Ok(Client {
            id,
            name,
            secret: secret_hash(&secret).ok_or_else(|| broken("secret_hash"))?,
            scopes: Scopes::parse(&scopes).ok_or_else(|| broken("scopes"))?,
        })
    })
    .transpose()
}

fn secret_hash(text: &str) -> Option<SecretHash> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    bytes.try_into().ok().map(SecretHash)
}

fn broken(column: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: "the stored text cannot be read".into(),
    }
}
