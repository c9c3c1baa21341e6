//! A newer version of each service has added to the tables, and the ones that run have not been replaced yet.

use escale_engines::{Database, Engine};
use escale_tests::{Plan, Town, Visitor, eventually};
use serde_json::json;

use crate::bookings::{booked, tour_with};
use crate::postgresql::WITH_A_STORE;

/// A town on PostgreSQL, and the databases of its services; `None`, said aloud, where there is none.
async fn town() -> Option<(Town, Vec<Database>)> {
    if !Engine::Postgresql.is_lent().await {
        return None;
    }
    let (mut plan, mut databases) = (Plan::default(), Vec::new());
    for service in WITH_A_STORE {
        let database = Engine::Postgresql.database().await;
        let url = database.url().to_owned();
        plan.settings.push((service, "DATABASE_URL", url));
        databases.push(database);
    }
    Some((Town::planned(plan).await, databases))
}

/// Most statements that the services have.
async fn everything(town: &Town, user: &Visitor) {
    let tour = tour_with(town, 12).await;
    for path in ["/auth/me", "/api/tours", "/api/tours/search?q=paris"] {
        user.get(path).await.assert_status(200);
    }
    let cancelled = booked(town, user, &tour, 1).await;
    let path = format!("/api/bookings/{cancelled}/cancel");
    user.post(&path, &json!(null)).await.assert_status(200);
    let booking = booked(town, user, &tour, 2).await;
    let order = json!({"bookingId": booking, "cardToken": "tok_accepted"});
    let key = uuid::Uuid::new_v4().to_string();
    // The second time it is only read.
    for _ in 0..2 {
        let paid = user.post_with_key("/api/payments", &key, &order).await;
        assert!(paid.status.is_success(), "{}", paid.text());
    }
    for path in ["/api/bookings", "/api/payments"] {
        user.get(path).await.assert_status(200);
    }
    // Its money goes back.
    let path = format!("/api/bookings/{booking}");
    user.post(&format!("{path}/cancel"), &json!(null))
        .await
        .assert_status(200);
    eventually("it is refunded", async || {
        let payments = user.get("/api/payments").await.json();
        payments["items"][0]["status"] == "refunded"
    })
    .await;
    user.get(&path).await.assert_status(200);
    let session = json!({"refresh_token": user.session["refresh_token"]});
    let again = town.visitor().post("/auth/refresh", &session).await;
    again.assert_status(200);
}

/// PostgreSQL refuses a statement that a connection has prepared when its columns are others now ("cached plan must not
/// change result type"): who asks for all columns fails then, on every connection that is open.
#[tokio::test]
async fn running_services_do_not_notice_what_a_newer_version_adds_to_their_tables() {
    let Some((town, databases)) = town().await else {
        return;
    };
    let user = town.user().await;
    everything(&town, &user).await;
    for database in &databases {
        database.grow().await;
    }
    // Each connection of each pool has its own statements.
    let user = town.user().await;
    everything(&town, &user).await;
}
