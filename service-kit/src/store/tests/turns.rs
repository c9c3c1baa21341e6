//! SQLite has one writer at a time: who waits for his turn, and on whom.

use std::time::Duration;

use tokio::time::timeout;

use super::*;

/// Without a queue before the pool each writer would wait with a connection in his hands.
#[tokio::test]
async fn writers_that_wait_keep_no_connection_from_who_reads() {
    let database = Engine::Sqlite.database().await;
    let store = store(&database).await;
    let write = store.write().await.expect("a transaction");
    let waiting = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.write().await?.commit().await })
    });
    let waiting: Vec<_> = waiting.collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    // Less than `busy_timeout`, after which the first of them would give up.
    let read = timeout(Duration::from_secs(3), seats(&store)).await;
    assert_eq!(read.ok(), Some(0), "a reader waits for nobody");
    write.commit().await.expect("a commit");
    for writer in waiting {
        writer.await.expect("no panic").expect("its turn came");
    }
}

/// A transaction that has read and is overtaken cannot write any more (`SQLITE_BUSY_SNAPSHOT`).
#[tokio::test]
async fn a_transaction_that_reads_first_is_not_overtaken_by_a_single_statement() {
    let database = Engine::Sqlite.database().await;
    let store = store(&database).await;
    let mut write = store.write().await.expect("a transaction");
    let insert = |id: &'static str| sqlx::query("INSERT INTO seats VALUES ($1, 1)").bind(id);
    let read: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM seats")
        .fetch_one(&mut *write)
        .await
        .expect("a number");
    let pool = store.pool().clone();
    let mut single = tokio::spawn(async move { insert("single").execute(&pool).await });
    let overtaken = timeout(Duration::from_millis(300), &mut single).await;
    assert!(overtaken.is_err(), "it waits for the transaction");
    let inserted = insert("first").execute(&mut *write).await;
    inserted.expect("what was read still holds");
    write.commit().await.expect("a commit");
    single.await.expect("no panic").expect("its turn came");
    assert_eq!((read, seats(&store).await), (0, 2));
}
