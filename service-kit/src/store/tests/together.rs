//! Several services that start on one database at the same moment.

use super::*;

/// Each of them can run once only.
const ONCE: &[MigrationFile] = &[
    (
        1,
        "seats",
        "CREATE TABLE seats (id TEXT NOT NULL, taken BIGINT NOT NULL);",
    ),
    (2, "one seat", "INSERT INTO seats VALUES ('a', 1);"),
    (3, "a rule", "CREATE UNIQUE INDEX one_row ON seats (id);"),
];

/// PostgreSQL alone: a SQLite file has one service.
#[tokio::test(flavor = "multi_thread")]
async fn services_that_start_together_all_come_up_and_migrate_once() {
    if !Engine::Postgresql.is_lent().await {
        return;
    }
    let database = Engine::Postgresql.database().await;
    let starts = (0..8).map(|_| {
        let config = StoreConfig::at(database.url());
        tokio::spawn(async move { Store::open(&config, ONCE).await })
    });
    let mut stores = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        stores.push(start.await.expect("no panic").expect("a start"));
    }
    assert_eq!(seats(&stores[0]).await, 1);
}

/// The bounds that stand in [`super::super::connecting`]; a lock that a frozen service holds ends with them.
/// Proves: val-database-locked
#[tokio::test]
async fn no_statement_and_no_lock_lasts_for_ever() {
    if !Engine::Postgresql.is_lent().await {
        return;
    }
    let database = Engine::Postgresql.database().await;
    let store = store(&database).await;
    for (setting, bound) in [
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ] {
        let set: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(store.pool())
            .await
            .expect("a setting");
        assert_eq!(set, bound, "{setting}");
    }
}
