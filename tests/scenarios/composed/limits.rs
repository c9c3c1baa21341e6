//! Two gateways behind one balancer are one gateway to a client: what one has counted or been told, the other goes by.

use std::time::{Duration, Instant};

use escale_tests::composed::Composed;
use futures_util::future::join_all;
use reqwest::Client;

/// L6: of a class of 100 in 60 s, one comes back each so often.
const ONE_BACK: Duration = Duration::from_millis(600);

pub(super) async fn a_hundred_requests_pass_at_both_gateways_together(platform: &Composed) {
    // Its own requests are made under the generous numbers; what they have counted there is nothing here.
    let token = super::token(platform).await;
    super::with_the_built_in_limits(platform).await;
    let clients: Vec<Client> = (0..12).map(|_| platform.client()).collect();
    let begun = Instant::now();
    let all = clients.iter().map(|client| async {
        let mut passed = 0;
        for _ in 0..10 {
            let answer = platform.get(client, "/api/bookings", &token).await;
            match answer.status.as_u16() {
                200 => passed += 1,
                429 => assert!(!answer.header("retry-after").is_empty()),
                other => panic!("{other} {}", answer.text()),
            }
        }
        passed
    });
    let passed: u128 = join_all(all).await.into_iter().sum();
    let given_back = begun.elapsed().as_millis() / ONE_BACK.as_millis();
    assert!(
        (100..=100 + given_back).contains(&passed),
        "{passed} passed, {given_back} came back meanwhile"
    );
    // Each has let some pass and refused some: neither has counted for itself alone.
    for gateway in ["gateway-1", "gateway-2"] {
        let log = platform.log(gateway);
        let answered = |status: u16| {
            let lines = log.iter().filter(|line| line["path"] == "/api/bookings");
            lines.filter(|line| line["status"] == status).count()
        };
        let (passed, refused) = (answered(200), answered(429));
        assert!(
            (30..=70).contains(&passed) && refused >= 3,
            "{gateway}: {passed} passed, {refused} refused"
        );
    }
}

pub(super) async fn a_token_revoked_at_one_gateway_is_refused_at_the_other(platform: &Composed) {
    platform
        .up(escale_tests::composed::Limits::Generous, 1)
        .await;
    let client = platform.client();
    let session = super::session(platform).await;
    let token = session["access_token"].as_str().expect("a token");
    let body = serde_json::json!({"refresh_token": session["refresh_token"]});
    // Two in a row are one at each gateway.
    for _ in 0..2 {
        let answer = platform.get(&client, "/api/bookings", token).await;
        assert_eq!(answer.status, 200);
    }
    let request = client.post(format!("{}/auth/logout", platform.url()));
    let answer = request.json(&body).send().await.expect("a gateway answers");
    assert!(answer.status().is_success(), "{}", answer.status());
    let begun = Instant::now();
    let mut refused = 0;
    // Four refusals in a row are two at each.
    while refused < 4 {
        let answer = platform.get(&client, "/api/bookings", token).await;
        refused = match answer.status.as_u16() {
            401 => refused + 1,
            _ => 0,
        };
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "still taken after a second"
        );
    }
}
