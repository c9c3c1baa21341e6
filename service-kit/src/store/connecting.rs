//! How a store comes to its connections, and what each of them is told first.

use std::io::ErrorKind;
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection, Executor};
use tokio::time::Instant;
use url::Url;

use crate::config::StoreConfig;

use super::failure::is_unavailable;

/// `synchronous = FULL`: an answered request survives a power cut, not only a killed process. `secure_delete`: what is
/// erased (a card token, a password hash) is overwritten, and cannot be read out of the file's free space. A limit:
/// older states of a page stay in the write-ahead log until it is written anew or the store is closed.
const SQLITE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; \
                      PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA secure_delete = ON;";

/// A statement that hangs, or a service that is frozen in the middle of a transaction, must not hold its locks for
/// ever: the others of that row would wait behind it. Of the connections that serve requests; migrations take the time
/// that they need.
const POSTGRESQL: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
                          SET idle_in_transaction_session_timeout = '10s';";

const LOOK_AGAIN: Duration = Duration::from_millis(250);
const SAY_EVERY: Duration = Duration::from_secs(5);

/// The database that `DATABASE_URL` names.
pub(super) struct Target {
    url: String,
    sqlite: bool,
}

impl Target {
    pub(super) fn of(config: &StoreConfig) -> Self {
        let url = config.url.expose_secret();
        let sqlite = url.starts_with("sqlite:");
        if let Some(host) = host_told_in_the_clear(url) {
            tracing::warn!(
                host,
                "DATABASE_URL sends its password without insisting on TLS; add sslmode=verify-full&sslrootcert=..."
            );
        }
        let url = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        sqlx::any::install_default_drivers();
        Self { url, sqlite }
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.sqlite
    }

    /// The first connection. A server that is not there yet, or still starting, is waited for, at most `patience`:
    /// services and their database are often started by one command. Anything else (a wrong password) is told at once.
    pub(super) async fn first_connection(
        &self,
        patience: Duration,
    ) -> anyhow::Result<AnyConnection> {
        let begun = Instant::now();
        let mut said = None;
        loop {
            let error = match self.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) => error,
            };
            if self.sqlite || !is_worth_waiting(&error) || begun.elapsed() >= patience {
                anyhow::bail!("DATABASE_URL: the database cannot be opened ({error})");
            }
            if said.is_none_or(|said: Instant| said.elapsed() >= SAY_EVERY) {
                tracing::warn!(%error, "the database does not answer yet");
                said = Some(Instant::now());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        if self.sqlite {
            connection.execute(SQLITE).await?;
        }
        Ok(connection)
    }

    /// Connections are made when they are needed, and made again after the database was away. Each is tried before it
    /// is used.
    pub(super) fn pool(&self, config: &StoreConfig) -> anyhow::Result<AnyPool> {
        let settings = if self.sqlite { SQLITE } else { POSTGRESQL };
        let options = AnyPoolOptions::new()
            .max_connections(config.connections)
            .acquire_timeout(config.wait)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(settings).await.map(|_| ()) })
            });
        Ok(options.connect_lazy(&self.url)?)
    }
}

/// A certificate that does not hold is bad data, and stays so.
fn is_worth_waiting(error: &sqlx::Error) -> bool {
    let bad_data =
        matches!(error, sqlx::Error::Io(error) if error.kind() == ErrorKind::InvalidData);
    is_unavailable(error) && !bad_data
}

/// The host of another machine to which a password would go without TLS, or with one that any attacker on the way can
/// talk the client out of: `sslmode` is `prefer` where it is not set.
fn host_told_in_the_clear(url: &str) -> Option<String> {
    let url = Url::parse(url)
        .ok()
        .filter(|url| url.scheme() != "sqlite")?;
    let mode = url
        .query_pairs()
        .find(|(key, _)| matches!(key.as_ref(), "sslmode" | "ssl-mode"))
        .map(|(_, value)| value.into_owned());
    let insists = matches!(
        mode.as_deref(),
        Some("require" | "verify-ca" | "verify-full")
    );
    let host = url.host_str()?.to_owned();
    let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]" | "")
        || host.starts_with("%2F");
    (url.password().is_some() && !insists && !is_here).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_leaves_the_machine_without_tls_is_noticed() {
        for url in [
            "postgres://u:p@db/escale",
            "postgres://u:p@10.0.0.5/escale?sslmode=prefer",
            "postgresql://u:p@db.example/escale?sslmode=disable&sslrootcert=ca.pem",
        ] {
            assert!(host_told_in_the_clear(url).is_some(), "{url}");
        }
        for url in [
            "sqlite:data/catalog.db",
            "postgres://u:p@localhost/escale",
            "postgres://u:p@127.0.0.1:5433/escale",
            "postgres://u@db/escale",
            "postgres://u:p@db/escale?sslrootcert=ca.pem&sslmode=verify-full",
        ] {
            assert_eq!(host_told_in_the_clear(url), None, "{url}");
        }
    }
}
