//! The service's SQL, and nothing else: rows in, domain types out. It knows no HTTP and no key.

pub mod accounts;
pub mod api_keys;
pub mod clients;
pub mod login_attempts;
pub mod refresh_tokens;
pub mod revocations;
pub mod signing_keys;

use std::str::FromStr;

use service_kit::store::MigrationFile;

pub const MIGRATIONS: &[MigrationFile] = &[
    (
        1,
        "accounts",
        include_str!("../migrations/0001_accounts.sql"),
    ),
    (
        2,
        "refresh tokens",
        include_str!("../migrations/0002_refresh_tokens.sql"),
    ),
    (3, "clients", include_str!("../migrations/0003_clients.sql")),
    (
        4,
        "signing keys",
        include_str!("../migrations/0004_signing_keys.sql"),
    ),
    (
        5,
        "revocations",
        include_str!("../migrations/0005_revocations.sql"),
    ),
    (
        6,
        "API keys",
        include_str!("../migrations/0006_api_keys.sql"),
    ),
];

/// A text of the database that stands for a value. What cannot be read is a broken row, not a missing one.
fn parsed<T: FromStr>(column: &'static str, text: &str) -> Result<T, sqlx::Error> {
    let unreadable = || sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: "the stored text cannot be read".into(),
    };
    text.parse().map_err(|_| unreadable())
}
