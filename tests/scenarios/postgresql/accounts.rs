//! What a new cluster of docker-compose.yml begins with: an account of each service that can use its own database and do
//! nothing else. Whoever breaks into one service reads no other's data.

use escale_engines::PostgresServer;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::WITH_A_STORE;
use crate::kubernetes::manifests::read;

/// The statements of the file, with a password for each account where psql would read it from a file.
fn statements() -> Vec<String> {
    let own = |line: &&str| !line.starts_with("\\set") && !line.starts_with("--");
    let mut text: String = read("../deploy/compose/databases.sql")
        .lines()
        .filter(own)
        .map(|line| format!("{line}\n"))
        .collect();
    for account in WITH_A_STORE {
        let written = format!(":'{account}'");
        assert!(text.contains(&written), "{account}");
        text = text.replace(&written, &format!("'{}'", password(account)));
    }
    let statements = text.split(';').map(|one| one.trim().to_owned());
    statements.filter(|one| !one.is_empty()).collect()
}

fn password(account: &str) -> String {
    format!("of-{account}")
}

/// A cluster that the file has been read into.
struct Cluster {
    server: PostgresServer,
}

impl Cluster {
    async fn made() -> Option<Self> {
        let server = PostgresServer::own().await?;
        let mut first = PgConnection::connect(&server.url()).await.unwrap();
        for statement in statements() {
            let done = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut first);
            done.await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        Some(Self { server })
    }

    async fn connect(&self, account: &str, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.server.port())
            .username(account)
            .password(&password(account))
            .database(database)
            .connect()
            .await
    }
}

/// The SQLSTATE of a refusal.
#[track_caller]
fn refused<T>(answer: Result<T, sqlx::Error>, what: &str) -> String {
    let error = answer.err();
    let error = error.unwrap_or_else(|| panic!("{what}: it was let pass"));
    let error = error.as_database_error().map(|error| error.code());
    error.flatten().expect("an answer of PostgreSQL").into()
}

const INSUFFICIENT_PRIVILEGE: &str = "42501";

#[tokio::test]
async fn a_services_account_uses_its_own_database_and_connects_to_no_other() {
    let Some(cluster) = Cluster::made().await else {
        return;
    };
    let others = ["postgres", "template1"];
    for account in WITH_A_STORE {
        for database in WITH_A_STORE.into_iter().chain(others) {
            let connected = cluster.connect(account, database).await;
            if database == account {
                let mut own = connected.expect("its own database");
                let table = sqlx::query("CREATE TABLE own (id BIGINT)").execute(&mut own);
                table.await.expect("it migrates by itself");
            } else {
                let what = format!("{account} on {database}");
                assert_eq!(refused(connected, &what), INSUFFICIENT_PRIVILEGE, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_services_account_makes_no_accounts_no_databases_and_runs_no_programs() {
    let Some(cluster) = Cluster::made().await else {
        return;
    };
    for account in WITH_A_STORE {
        let mut own = cluster.connect(account, account).await.unwrap();
        for forbidden in [
            "CREATE ROLE another SUPERUSER",
            "CREATE DATABASE another",
            "ALTER ROLE escale PASSWORD 'another'",
            "ALTER SYSTEM SET log_statement = 'all'",
            "SET ROLE escale",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('PG_VERSION')",
            "SELECT rolpassword FROM pg_authid",
        ] {
            let done = sqlx::query(forbidden).execute(&mut own).await;
            let what = format!("{account}: {forbidden}");
            assert_eq!(refused(done, &what), INSUFFICIENT_PRIVILEGE, "{what}");
        }
    }
}

/// A service that is broken, or broken into, leaves connections to the others.
#[tokio::test]
async fn no_account_can_take_all_connections_of_the_cluster() {
    let Some(cluster) = Cluster::made().await else {
        return;
    };
    for account in WITH_A_STORE {
        let mut own = cluster.connect(account, account).await.unwrap();
        let most = sqlx::query_scalar("SELECT rolconnlimit FROM pg_roles WHERE rolname = $1")
            .bind(account)
            .fetch_one(&mut own);
        let most: i32 = most.await.unwrap();
        // A server takes a hundred unless told otherwise, keeps three for its superuser, and has five accounts.
        assert!((1..=(100 - 3) / 5).contains(&most), "{account}: {most}");
    }
}
