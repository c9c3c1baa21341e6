//! A PostgreSQL that is away, comes back, or does not answer.

use std::time::{Duration, Instant};

use escale_engines::{Link, PostgresServer};

use super::*;
use crate::error::{ApiError, Code};

const SECOND: Duration = Duration::from_secs(1);

fn config(url: &str) -> StoreConfig {
    StoreConfig {
        wait: SECOND,
        start_wait: 2 * SECOND,
        ..StoreConfig::at(url)
    }
}

/// One seat more; what a handler answers when it cannot.
async fn take(store: &Store, id: i64) -> Result<(), ApiError> {
    let mut write = store.write().await?;
    sqlx::query("INSERT INTO seats VALUES ($1, 1)")
        .bind(id.to_string())
        .execute(&mut *write)
        .await?;
    Ok(write.commit().await?)
}

/// Proves: svc-crash
#[tokio::test]
async fn what_was_answered_outlives_a_killed_database_and_the_store_comes_back_by_itself() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    let store = Store::open(&config(&server.url()), TABLE)
        .await
        .expect("a store");
    let (writing, mut answered) = (store.clone(), 0);
    let writer = tokio::spawn(async move {
        while take(&writing, answered).await.is_ok() {
            answered += 1;
        }
        answered
    });
    while seats(&store).await < 20 {
        tokio::task::yield_now().await;
    }
    server.kill();
    let answered = writer.await.expect("no panic");
    assert!(!store.ping().await, "not ready");
    let refused = take(&store, -1).await.expect_err("nobody is there");
    assert_eq!(refused.code, Code::ServiceUnavailable, "{refused}");

    server.restart().await.expect("a server");
    assert!(
        store.ping().await,
        "ready again, the old connections notwithstanding"
    );
    // The last one may have been written without its answer.
    let kept = seats(&store).await;
    assert!(
        (answered..=answered + 1).contains(&kept),
        "{kept} of {answered}"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_waited_for_no_longer_than_agreed() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    let link = Link::to(server.port()).await;
    let url = server.url_at(link.port());
    let store = Store::open(&config(&url), TABLE).await.expect("a store");
    take(&store, 1).await.expect("a seat");
    link.freeze();
    let begun = Instant::now();
    assert!(!store.ping().await, "not ready");
    let refused = take(&store, 2).await.expect_err("no answer");
    assert_eq!(refused.code, Code::ServiceUnavailable, "{refused}");
    assert!(begun.elapsed() < 10 * SECOND, "{:?}", begun.elapsed());
    link.thaw();
    take(&store, 3).await.expect("it goes on");
}

#[tokio::test]
async fn a_start_waits_for_its_database_and_says_so_when_it_waited_in_vain() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    server.kill();
    let in_vain = Store::open(&config(&server.url()), TABLE).await;
    let told = in_vain.expect_err("nobody is there").to_string();
    assert!(told.starts_with("DATABASE_URL: "), "{told}");

    let patient = StoreConfig::at(&server.url());
    let (opened, restarted) = tokio::join!(Store::open(&patient, TABLE), server.restart());
    restarted.expect("a server");
    opened.expect("it was waited for");
}

#[tokio::test]
async fn a_wrong_password_is_told_at_once_and_not_shown() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    let url = format!(
        "postgres://escale:hunter2@127.0.0.1:{}/postgres",
        server.port()
    );
    let begun = Instant::now();
    let refused = Store::open(&StoreConfig::at(&url), TABLE).await;
    let told = refused.expect_err("a wrong password").to_string();
    assert!(
        told.contains("DATABASE_URL") && !told.contains("hunter2"),
        "{told}"
    );
    assert!(begun.elapsed() < 10 * SECOND, "{:?}", begun.elapsed());
}
