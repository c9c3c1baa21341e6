//! An empty database for one test: a SQLite file, or a schema of the PostgreSQL server that is lent.

use std::path::Path;

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::postgres;

/// All but the list of migrations.
const A_COLUMN_MORE: &str = "DO $$ DECLARE name TEXT; BEGIN \
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE '\\_%' \
    LOOP EXECUTE format('ALTER TABLE %I ADD COLUMN of_a_newer_version TEXT', name); END LOOP; END $$";

/// What keeps a service's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgresql,
}

impl Engine {
    /// Whether a test can have it here; where it cannot, SKIPPED is said.
    pub async fn is_lent(self) -> bool {
        match self {
            Self::Sqlite => true,
            Self::Postgresql => postgres::is_lent().await,
        }
    }

    /// An empty database.
    pub async fn database(self) -> Database {
        match self {
            Self::Sqlite => Database::sqlite(),
            Self::Postgresql => Database::postgresql().await,
        }
    }
}

/// Where a test keeps its data. A SQLite file goes when this is dropped; a schema goes with its server.
#[derive(Debug)]
pub struct Database {
    url: String,
    folder: Option<TempDir>,
}

impl Database {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self {
            url,
            folder: Some(folder),
        }
    }

    /// A schema and not a database: it costs 4 ms and no disk, a database 50 ms and 7 MB. What is not in a table
    /// (advisory locks) is shared with other tests.
    async fn postgresql() -> Self {
        let server = postgres::url().await;
        let schema = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(server)
            .await
            .expect("the lent server answers");
        sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
            .execute(&mut connection)
            .await
            .expect("a schema");
        connection.close().await.expect("a connection that ends");
        Self {
            url: format!("{server}?options[search_path]={schema}"),
            folder: None,
        }
    }

    /// Where SQLite keeps its files.
    ///
    /// # Panics
    /// PostgreSQL keeps them out of a test's reach.
    pub fn folder(&self) -> &Path {
        let folder = self.folder.as_ref();
        folder.expect("a database of SQLite").path()
    }

    /// Gives each table of PostgreSQL a column more, as a newer version of its service would.
    ///
    /// # Panics
    /// When the server does not take it.
    pub async fn grow(&self) {
        let mut connection = PgConnection::connect(&self.url)
            .await
            .expect("the lent server answers");
        sqlx::query(A_COLUMN_MORE)
            .execute(&mut connection)
            .await
            .expect("a column more");
        connection.close().await.expect("a connection that ends");
    }

    /// For `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }
}
