//! The platform on PostgreSQL: a service whose database is away, and the way to a database over TLS.

mod accounts;

use escale_engines::{Engine, PostgresServer, PostgresTls};
use escale_lab::certs::CertsDir;
use escale_tests::{Plan, Town, eventually};
use serde_json::json;
use service_kit::config::StoreConfig;
use service_kit::store::Store;

use crate::bookings::{booked, tour_with};

pub const WITH_A_STORE: [&str; 5] = ["auth", "catalog", "bank", "payment", "booking"];

/// A town whose services keep their data on this engine, each in a database of its own.
pub async fn town_on(engine: Engine) -> Town {
    let mut plan = Plan::default();
    if engine == Engine::Postgresql {
        for service in WITH_A_STORE {
            let url = engine.database().await.url().to_owned();
            plan.settings.push((service, "DATABASE_URL", url));
        }
    }
    Town::planned(plan).await
}

#[tokio::test]
async fn a_database_that_is_away_is_a_503_and_nothing_that_was_answered_is_lost() {
    let Some(server) = PostgresServer::own().await else {
        return;
    };
    let settings = vec![
        ("booking", "DATABASE_URL", server.url()),
        ("booking", "DATABASE_WAIT_SECONDS", "1".to_owned()),
    ];
    let town = Town::planned(Plan {
        settings,
        ..Plan::default()
    })
    .await;
    let (tour, user) = (tour_with(&town, 12).await, town.user().await);
    let id = booked(&town, &user, &tour, 2).await;
    let path = format!("/api/bookings/{id}");
    let ready = async || town.admin_page("booking", "/ready").await.contains("true");
    assert!(ready().await);

    server.kill();
    let refused = user.get(&path).await;
    let refused = refused.assert_refused(503, "service_unavailable");
    assert_eq!(refused.field("/error"), "Service indisponible");
    assert!(!ready().await);
    // The others do not notice.
    user.get("/api/tours").await.assert_status(200);

    server.restart().await.expect("a server");
    eventually("the booking is back", async || {
        user.get(&path).await.status == 200
    })
    .await;
    assert!(ready().await);
    let body = json!({"bookingId": id, "cardToken": "tok_accepted"});
    let paid = user.post_with_key("/api/payments", "key", &body).await;
    assert_eq!(paid.assert_status(201).field("/status"), "captured");
}

/// `sslmode=verify-full` with the authority's file in the URL, as `.env.example` tells.
#[tokio::test]
async fn a_database_over_tls_is_known_by_its_certificate_and_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let certs = CertsDir::create(&folder.path().join("certs")).unwrap();
    let (certificate, key) = certs.path("catalog");
    let tls = PostgresTls { certificate, key };
    let Some(server) = PostgresServer::own_with(Some(&tls)).await else {
        return;
    };
    service_kit::process::install_crypto_provider();
    let url = server.url().replace("127.0.0.1", "localhost");
    let open = async |authority: &std::path::Path| {
        let url = format!(
            "{url}?sslmode=verify-full&sslrootcert={}",
            authority.display()
        );
        Store::open(&StoreConfig::at(&url), &[]).await
    };
    let store = open(&certs.inside_ca()).await.expect("the right authority");
    assert!(store.ping().await);
    let others = CertsDir::create(&folder.path().join("others")).unwrap();
    let refused = open(&others.inside_ca()).await;
    let told = refused.expect_err("another authority").to_string();
    assert!(told.starts_with("DATABASE_URL: "), "{told}");
}
