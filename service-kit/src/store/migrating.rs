//! Bringing a database's tables up to date, and knowing what to do with tables that are ahead.
//!
//! While a new version is rolled out, and after it was taken back, code of the version before meets tables that a newer
//! one has made: a replica is moved to another machine, or dies, and starts again as it was. So what a newer version
//! has *added* keeps nobody from starting. What it has *taken away* does, and is told of by its migration's name: the
//! old code would start, and then fail request by request.

use anyhow::bail;
use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Executor, SqlSafeStr};

use super::MigrationFile;

/// How the name of a migration begins that the version before cannot live with: it drops or renames what that one uses,
/// or forbids what that one writes. It belongs into the version after the one that has stopped using it.
pub const CONTRACT: &str = "contract: ";

/// The name that `sqlx` gives it.
const TABLE: &str = "_sqlx_migrations";

/// For PostgreSQL. A statement that changes a table waits for whoever reads it, a backup for example, and everybody who
/// comes later waits behind that statement. Better this start fails, and is tried again.
const PATIENCE: &str = "SET lock_timeout = '5s'";

/// Services that start together on one database take turns: PostgreSQL holds an advisory lock until all of it is done,
/// or until the connection ends. `connection` is for this alone.
pub(super) async fn bring_up_to_date(
    connection: &mut AnyConnection,
    files: &[MigrationFile],
    is_sqlite: bool,
) -> anyhow::Result<()> {
    connection.lock().await?;
    if !is_sqlite {
        // Now, as the turn itself is waited for however long it takes.
        connection.execute(PATIENCE).await?;
    }
    connection.ensure_migrations_table(TABLE).await?;
    let applied: Vec<(i64, String)> =
        sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *connection)
            .await?;
    judge(&applied, files)?;
    let mut migrator = migrator(files);
    // The lock is held, and what is not known here has been judged.
    migrator.set_locking(false).set_ignore_missing(true);
    migrator.run_direct(None, connection, false).await?;
    connection.unlock().await?;
    Ok(())
}

/// What was done to these tables that this program knows nothing of.
fn judge(applied: &[(i64, String)], files: &[MigrationFile]) -> anyhow::Result<()> {
    let newest = files.iter().map(|&(version, ..)| version).max();
    let is_known = |version| files.iter().any(|&(known, ..)| known == version);
    for (version, name) in applied.iter().filter(|(version, _)| !is_known(*version)) {
        if newest.is_none_or(|newest| *version < newest) {
            bail!(
                "DATABASE_URL: its tables are not this service's (migration {version}, \"{name}\")"
            );
        }
        if name.starts_with(CONTRACT) {
            bail!(
                "DATABASE_URL: a newer version has taken away what this one needs (migration {version}, \"{name}\")"
            );
        }
        tracing::warn!(
            version,
            name,
            "the database has an addition of a newer version"
        );
    }
    Ok(())
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
