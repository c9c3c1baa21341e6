//! What counts besides the address: the costly routes, and a user's day.

use std::time::Duration;

use escale_tests::Answer;
use http::Method;
use serde_json::json;

use super::reading::{assert_over, field};
use super::{behind_a_proxy, get_from, limited};

/// Proves: R11, L7, L18, API4:2019, API4:2023, S3
#[tokio::test]
async fn the_11th_search_of_a_minute_is_refused_and_other_routes_are_not() {
    let town = limited(&["catalog"]).await;
    let user = town.user().await;
    for left in (0..10).rev() {
        let answer = user.get("/api/tours/search?q=mer").await.assert_status(200);
        let policies = [
            "address q=100 w=60",
            "search q=10 w=60",
            "daily q=1000 w=86400",
        ];
        assert_eq!(field(&answer, "ratelimit-policy"), policies);
        assert!(field(&answer, "ratelimit").contains(&format!("search r={left} t=6")));
    }
    let answer = user.get("/api/tours/search?q=mer").await;
    let text = "Limite atteinte pour cet endpoint";
    let wait = assert_over(answer, "endpoint_limit_reached", "search", text);
    assert_eq!(wait, 6, "ten a minute are one every six seconds");
    user.get("/api/tours").await.assert_status(200);
    town.pass(Duration::from_secs(wait));
    user.get("/api/tours/search?q=mer").await.assert_status(200);
}

/// Proves: L7, API6:2023, as-brute-force
#[tokio::test]
async fn the_11th_login_of_a_minute_is_refused_whoever_logs_in() {
    let town = behind_a_proxy(&["auth"]).await;
    let visitor = town.visitor();
    let login = async |address: &str, pseudo: &str| -> Answer {
        let credentials = json!({"pseudo": pseudo, "password": "Canari-guess"});
        let request = visitor
            .request(Method::POST, "/auth/login")
            .json(&credentials);
        visitor
            .send(request.header("x-forwarded-for", address))
            .await
    };
    for number in 0..10 {
        login("198.51.100.7", &format!("user{number}"))
            .await
            .assert_status(200);
    }
    let text = "Limite atteinte pour cet endpoint";
    assert_over(
        login("198.51.100.7", "alice").await,
        "endpoint_limit_reached",
        "login",
        text,
    );
    let seen = town.spies["auth"].seen();
    let logins = seen.iter().filter(|seen| seen.uri.path() == "/auth/login");
    assert_eq!(logins.count(), 10, "the eleventh cost no password hash");
    login("198.51.100.8", "alice").await.assert_status(200);
    get_from(&visitor, "198.51.100.7", "/health")
        .await
        .assert_status(200);
}

/// Proves: R11, L8, L18
#[tokio::test]
async fn a_users_1001st_request_of_a_day_is_refused_from_whatever_address() {
    let town = behind_a_proxy(&["catalog"]).await;
    let (user, other) = (town.user().await, town.user().await);
    // What registering and logging in took was the address's, not the user's; each of these passes 50 of its 100 a minute.
    for number in 0..1_000 {
        let address = format!("198.51.100.{}", number % 20);
        let answer = get_from(&user, &address, "/api/tours")
            .await
            .assert_status(200);
        let standing = field(&answer, "ratelimit");
        assert_eq!(
            standing.last(),
            Some(&format!("daily r={} t=86400", 999 - number))
        );
    }
    for address in ["198.51.100.1", "203.0.113.99"] {
        let answer = get_from(&user, address, "/api/tours").await;
        let wait = assert_over(
            answer,
            "daily_quota_exceeded",
            "daily",
            "Quota journalier dépassé",
        );
        assert_eq!(wait, 86_400);
    }
    assert_eq!(town.spies["catalog"].seen().len(), 1_000);
    get_from(&other, "198.51.100.1", "/api/tours")
        .await
        .assert_status(200);
    // A public route does not know the user, and lets him renew his session.
    get_from(&user, "198.51.100.1", "/health")
        .await
        .assert_status(200);

    town.pass(Duration::from_secs(86_400));
    let again = town.visitor().login(&user.pseudo, &user.password).await;
    get_from(&again, "198.51.100.1", "/api/tours")
        .await
        .assert_status(200);
}
