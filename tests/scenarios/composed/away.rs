//! One part is killed while customers come and go: what still works then, what is refused and how, and that all is well
//! again by itself when the part is back.

use std::time::Duration;

use escale_tests::Answer;
use escale_tests::composed::Composed;
use escale_tests::composed::crowd::Crowd;
use escale_tests::eventually_within;
use serde_json::json;

/// The balancer gives everything to the other one.
pub(super) async fn one_gateway(platform: &Composed, crowd: &Crowd) {
    let gateway = platform.container("gateway-1");
    platform.kill(&gateway);
    crowd.journeys(4).await;
    platform.start_again(&gateway).await;
    crowd.journeys(2).await;
}

/// Nothing can be paid without payment; everything else goes on.
pub(super) async fn one_service(platform: &Composed, crowd: &Crowd) {
    let token = super::token(platform).await;
    let payment = platform.container("payment");
    platform.kill(&payment);
    let client = platform.client();
    let answer = platform.get(&client, "/api/payments", &token).await;
    assert!(refused_for_a_while(&answer), "{}", answer.text());
    for path in ["/api/tours", "/api/bookings", "/auth/me"] {
        platform.get(&client, path, &token).await.assert_status(200);
    }
    platform.start_again(&payment).await;
    crowd.journeys(4).await;
}

/// Login and payment are closed, reading is open; recovery is by itself.
pub(super) async fn redis(platform: &Composed, crowd: &Crowd) {
    let token = super::token(platform).await;
    let redis = platform.container("redis");
    platform.kill(&redis);
    let client = platform.client();
    platform
        .get(&client, "/api/tours", &token)
        .await
        .assert_status(200);
    for (path, body) in [
        (
            "/auth/login",
            json!({"pseudo": "alice", "password": "Mot-de-passe-1"}),
        ),
        (
            "/api/payments",
            json!({"bookingId": uuid::Uuid::new_v4(), "cardToken": "tok_accepted"}),
        ),
    ] {
        let request = client
            .post(format!("{}{path}", platform.url()))
            .bearer_auth(&token)
            .header("Idempotency-Key", uuid::Uuid::new_v4().to_string())
            .json(&body);
        let answer = request.send().await.expect("a gateway answers");
        assert_eq!(answer.status().as_u16(), 503, "{path}");
    }
    platform.start_again(&redis).await;
    crowd.journeys(4).await;
}

/// Nothing that was answered is lost with it, and no service has to be started again.
pub(super) async fn postgres(platform: &Composed, crowd: &Crowd) {
    let token = super::token(platform).await;
    let before = platform.rows("payment", "SELECT COUNT(*) FROM payments");
    let postgres = platform.container("postgres");
    platform.kill(&postgres);
    let client = platform.client();
    eventually_within(Duration::from_secs(20), "it is told", async || {
        let answer = platform.get(&client, "/api/bookings", &token).await;
        assert_ne!(answer.status, 500, "{}", answer.text());
        // While the address still stands, nobody answers at it (504); in the end the service says so itself.
        answer.status == 503 && answer.field("/code") == "service_unavailable"
    })
    .await;
    platform.start_again(&postgres).await;
    crowd.journeys(4).await;
    let after = platform.rows("payment", "SELECT COUNT(*) FROM payments");
    let number = |rows: &[Vec<String>]| rows[0][0].parse::<u64>().expect("a number");
    assert!(number(&after) > number(&before), "{before:?} {after:?}");
}

/// 503 when nobody takes the request, 504 when nobody answers in time; both in the one form of all refusals.
fn refused_for_a_while(answer: &Answer) -> bool {
    let codes = ["service_unavailable", "upstream_timeout"];
    [503, 504].contains(&answer.status.as_u16()) && codes.contains(&answer.field("/code").as_str())
}
