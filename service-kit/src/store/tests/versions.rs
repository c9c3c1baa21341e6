//! Two versions of one service on one database: a rolling update, and its taking back.

use super::*;

const OLD: &[MigrationFile] = TABLE;
const NEW: &[MigrationFile] = &[
    TABLE[0],
    (
        2,
        "a note",
        "ALTER TABLE seats ADD COLUMN note TEXT NOT NULL DEFAULT '';",
    ),
];
const NEWER: &[MigrationFile] = &[
    NEW[0],
    NEW[1],
    (
        3,
        "contract: nobody reads taken any more",
        "ALTER TABLE seats DROP COLUMN taken;",
    ),
];

async fn open(database: &Database, version: &[MigrationFile]) -> Result<Store, String> {
    let opened = Store::open(&StoreConfig::at(database.url()), version).await;
    opened.map_err(|error| error.to_string())
}

/// A replica of the old version is moved to another machine while the new one is rolled out.
#[on_each_engine]
async fn the_version_before_starts_and_works_on_tables_that_have_more(engine: Engine) {
    let database = engine.database().await;
    open(&database, OLD).await.expect("the old version");
    let new = open(&database, NEW).await.expect("the new version");
    let old = open(&database, OLD).await.expect("the old version again");
    for store in [&old, &new] {
        let id = uuid::Uuid::new_v4().to_string();
        sqlx::query("INSERT INTO seats (id, taken) VALUES ($1, 1)")
            .bind(id)
            .execute(store.pool())
            .await
            .expect("a seat");
    }
    assert_eq!(seats(&old).await, 2);
    open(&database, NEW).await.expect("and forward once more");
}

#[on_each_engine]
async fn a_version_whose_columns_are_gone_does_not_start_and_says_why(engine: Engine) {
    let database = engine.database().await;
    open(&database, NEWER).await.expect("the newest version");
    let told = open(&database, OLD).await.expect_err("its column is gone");
    assert!(
        told.starts_with("DATABASE_URL: a newer version") && told.contains("nobody reads taken"),
        "{told}"
    );
    open(&database, NEWER).await.expect("untouched");
}

/// `DATABASE_URL` of another service, or a migration that was taken out of the middle.
#[on_each_engine]
async fn tables_with_another_history_are_refused_before_anything_is_done_to_them(engine: Engine) {
    let database = engine.database().await;
    open(&database, NEW).await.expect("a service");
    let other = [TABLE[0], NEWER[2]];
    let told = open(&database, &other).await.expect_err("another history");
    assert!(told.contains("not this service's"), "{told}");
    let store = open(&database, NEW).await.expect("the service itself");
    sqlx::query("SELECT taken FROM seats")
        .fetch_all(store.pool())
        .await
        .expect("the column is still there");
    let told = open(&database, &[]).await.expect_err("no history at all");
    assert!(told.contains("not this service's"), "{told}");
}

/// PostgreSQL alone. Who reads is a backup, of minutes; whoever came after the migration would wait as long.
#[tokio::test]
async fn a_migration_that_finds_its_table_in_use_gives_up_and_holds_nobody_up() {
    if !Engine::Postgresql.is_lent().await {
        return;
    }
    let database = Engine::Postgresql.database().await;
    let store = open(&database, OLD).await.expect("the old version");
    let mut backup = store.pool().begin().await.expect("a transaction");
    sqlx::query("SELECT * FROM seats")
        .fetch_all(&mut *backup)
        .await
        .expect("a look");
    let told = open(&database, NEW).await.expect_err("the table is in use");
    assert!(told.contains("lock timeout"), "{told}");
    assert_eq!(seats(&store).await, 0);
    backup.rollback().await.expect("still there");
    open(&database, NEW).await.expect("at the next start");
}
