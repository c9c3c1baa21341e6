//! What every store may count on, on both engines.

mod outage;
mod together;
mod turns;
mod versions;

use escale_engines::{Database, Engine, on_each_engine};

use super::*;

const TABLE: &[MigrationFile] = &[(
    1,
    "seats",
    "CREATE TABLE seats (id TEXT PRIMARY KEY, taken BIGINT NOT NULL);",
)];

async fn store(database: &Database) -> Store {
    Store::open(&StoreConfig::at(database.url()), TABLE)
        .await
        .expect("a store on an empty database")
}

async fn seats(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM seats")
        .fetch_one(store.pool())
        .await
        .expect("a number")
}

/// Proves: val-database-locked
#[on_each_engine]
async fn parallel_writers_queue_and_none_is_lost(engine: Engine) {
    let database = engine.database().await;
    let store = store(&database).await;
    sqlx::query("INSERT INTO seats VALUES ($1, $2)")
        .bind("a")
        .bind(0_i64)
        .execute(store.pool())
        .await
        .unwrap();
    let writers = (0..50).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut write = store.write().await?;
            sqlx::query("UPDATE seats SET taken = taken + 1 WHERE id = $1")
                .bind("a")
                .execute(&mut *write)
                .await?;
            write.commit().await
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic").expect("no lock error");
    }
    let taken: i64 = sqlx::query_scalar("SELECT taken FROM seats")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(taken, 50);
}

#[tokio::test]
async fn an_erased_text_is_not_left_in_the_closed_file() {
    let database = Engine::Sqlite.database().await;
    let store = store(&database).await;
    let token = "tok_accepted_once";
    for sql in [
        "INSERT INTO seats VALUES ($1, 1)",
        "DELETE FROM seats WHERE id = $1",
    ] {
        let query = sqlx::query(sql).bind(token);
        query.execute(store.pool()).await.expect("a statement");
    }
    store.close().await;
    for entry in std::fs::read_dir(database.folder()).expect("the folder") {
        let file = std::fs::read(entry.expect("an entry").path()).expect("a file");
        let mut windows = file.windows(token.len());
        assert!(windows.all(|window| window != token.as_bytes()));
    }
}

/// The reasons stand in [`super::connecting`]. Each holds for one connection, so more than one is looked at.
#[tokio::test]
async fn every_connection_to_sqlite_forces_to_the_disk_checks_references_and_waits_for_a_lock() {
    let database = Engine::Sqlite.database().await;
    let store = store(&database).await;
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(store.pool().acquire().await.expect("a connection"));
    }
    for connection in &mut connections {
        for (pragma, expected) in [
            ("PRAGMA synchronous", 2),
            ("PRAGMA foreign_keys", 1),
            ("PRAGMA busy_timeout", 5_000),
            ("PRAGMA secure_delete", 1),
        ] {
            let set: i64 = sqlx::query_scalar(pragma)
                .fetch_one(&mut **connection)
                .await
                .expect("a number");
            assert_eq!(set, expected, "{pragma}");
        }
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&mut **connection)
            .await
            .expect("a word");
        assert_eq!(journal, "wal");
    }
}

#[on_each_engine]
async fn a_write_that_is_not_committed_leaves_nothing(engine: Engine) {
    let database = engine.database().await;
    let store = store(&database).await;
    let mut write = store.write().await.unwrap();
    sqlx::query("INSERT INTO seats VALUES ('a', 1)")
        .execute(&mut *write)
        .await
        .unwrap();
    drop(write);
    assert_eq!(seats(&store).await, 0);
    let mut second = store.write().await.unwrap();
    let inserted = sqlx::query("INSERT INTO seats VALUES ('a', 1), ('a', 2)")
        .execute(&mut *second)
        .await;
    assert!(is_unique_violation(&inserted.unwrap_err()));
}

/// A bound on SQLite's file stands for a disk that is full.
///
/// Proves: val-disk-full
#[tokio::test]
async fn a_full_disk_is_an_outage_that_loses_nothing_and_passes() {
    let database = Engine::Sqlite.database().await;
    let store = store(&database).await;
    let long = "x".repeat(1_000_000);
    // No file is cut: a bound below its size is its size.
    let (room, none) = (
        "PRAGMA max_page_count = 1000000",
        "PRAGMA max_page_count = 1",
    );
    for (id, bound, is_full) in [
        ("kept", room, false),
        (long.as_str(), none, true),
        ("later", room, false),
    ] {
        let mut write = store.write().await.expect("a transaction");
        let bounded = sqlx::query(bound).execute(&mut *write);
        bounded.await.expect("a bound");
        let insert = sqlx::query("INSERT INTO seats VALUES ($1, 1)").bind(id);
        match insert.execute(&mut *write).await {
            Ok(_) => write.commit().await.expect("room"),
            Err(error) => assert!(is_full && is_unavailable(&error), "{error}"),
        }
    }
    assert_eq!(seats(&store).await, 2);
}
