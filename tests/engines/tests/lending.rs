//! What a test may count on of a database that it is lent.
#![allow(clippy::unwrap_used)]

use escale_engines::{Engine, PostgresServer, on_each_engine};
use sqlx::AnyConnection;
use sqlx::Connection;

async fn connect(url: &str) -> Result<AnyConnection, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let url = if url.starts_with("sqlite:") {
        format!("{url}?mode=rwc")
    } else {
        url.to_owned()
    };
    AnyConnection::connect(&url).await
}

async fn make_table(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("CREATE TABLE seats (id TEXT)")
        .execute(connection)
        .await
        .map(|_| ())
}

#[on_each_engine]
async fn a_database_is_empty_and_stays_the_same_for_whoever_knows_its_url(engine: Engine) {
    let database = engine.database().await;
    let mut one = connect(database.url()).await.unwrap();
    make_table(&mut one).await.expect("nobody made it before");
    let mut two = connect(database.url()).await.unwrap();
    make_table(&mut two).await.expect_err("it is there");
}

#[on_each_engine]
async fn two_databases_know_nothing_of_each_other(engine: Engine) {
    for database in [engine.database().await, engine.database().await] {
        let mut connection = connect(database.url()).await.unwrap();
        make_table(&mut connection)
            .await
            .expect("an empty database");
    }
}

#[tokio::test]
async fn a_server_that_was_killed_comes_back_with_its_data() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    let mut before = connect(&server.url()).await.unwrap();
    make_table(&mut before).await.unwrap();
    server.kill();
    before.ping().await.expect_err("its connections are gone");
    connect(&server.url()).await.expect_err("nobody listens");
    server.restart().await.unwrap();
    let mut after = connect(&server.url()).await.unwrap();
    make_table(&mut after).await.expect_err("it is still there");
}
