//! Tokens that were taken back: the real authorisation server tells the gateway, over mTLS.

use std::time::{Duration, Instant};

use escale_tests::{Town, Visitor, eventually};
use serde_json::json;

/// What a revocation may take (T9).
const PROMISE: Duration = Duration::from_secs(1);

/// Asks every 50 ms, until the token is refused; the promise is counted from now.
#[track_caller]
fn assert_refused_in_time(user: &Visitor) -> impl Future<Output = ()> + '_ {
    let begun = Instant::now();
    async move {
        eventually("the token is refused", async || {
            user.get("/api/tours").await.status == 401
        })
        .await;
        let took = begun.elapsed();
        assert!(took < PROMISE, "{took:?}");
        user.get("/api/tours")
            .await
            .assert_refused(401, "token_invalid");
    }
}

async fn logout(user: &Visitor) {
    let body = json!({"refresh_token": user.session["refresh_token"]});
    user.post("/auth/logout", &body).await.assert_status(204);
}

/// The gateway remembers the token as good.
async fn remembered(user: &Visitor) {
    for _ in 0..2 {
        user.get("/api/tours").await.assert_status(200);
    }
}

/// Proves: R8, T9, token-revoked
#[tokio::test]
async fn a_token_that_is_remembered_as_good_is_refused_within_a_second_of_the_logout() {
    let town = Town::start().await;
    let (user, other) = (town.user().await, town.user().await);
    let elsewhere = town.visitor().login(&user.pseudo, &user.password).await;
    remembered(&user).await;
    logout(&user).await;
    assert_refused_in_time(&user).await;
    // Neither another person nor another login of the same one.
    other.get("/api/tours").await.assert_status(200);
    elsewhere.get("/api/tours").await.assert_status(200);
}

/// Proves: T9, token-revoked, as-refresh
#[tokio::test]
async fn a_refresh_token_that_is_used_again_ends_the_access_tokens_of_its_family() {
    let town = Town::start().await;
    let user = town.user().await;
    let stolen = json!({"refresh_token": user.session["refresh_token"]});
    let answer = user.post("/auth/refresh", &stolen).await.assert_status(200);
    escale_tests::logs::canary(&answer.field("/refresh_token"));
    let renewed = user.with_token(&answer.field("/access_token"));
    remembered(&user).await;
    remembered(&renewed).await;
    // Later than a second tab would come.
    town.pass(Duration::from_secs(11));
    user.post("/auth/refresh", &stolen)
        .await
        .assert_refused(401, "refresh_token_invalid");
    assert_refused_in_time(&renewed).await;
    user.get("/api/tours")
        .await
        .assert_refused(401, "token_invalid");
}

/// Proves: token-revoked
#[tokio::test]
async fn a_revocation_stays_in_force_while_auth_is_away_and_after_a_restart_of_the_gateway() {
    let mut town = Town::start().await;
    let (user, other) = (town.user().await, town.user().await);
    remembered(&user).await;
    logout(&user).await;
    assert_refused_in_time(&user).await;
    town.stop("auth").await;
    user.get("/api/tours")
        .await
        .assert_refused(401, "token_invalid");
    other.get("/api/tours").await.assert_status(200);
    town.stop("gateway").await;
    town.start_again("gateway").await;
    // It knows neither keys nor revocations now: it lets nobody in, and says that it will.
    let answer = user.get("/api/tours").await;
    answer.assert_refused(503, "service_unavailable");
    other
        .get("/api/tours")
        .await
        .assert_refused(503, "service_unavailable");
    town.start_again("auth").await;
    eventually("the other is let in again", async || {
        let status = user.get("/api/tours").await.status;
        assert!(status == 503 || status == 401, "{status}");
        other.get("/api/tours").await.status == 200
    })
    .await;
    user.get("/api/tours")
        .await
        .assert_refused(401, "token_invalid");
}

#[tokio::test]
async fn the_gateway_follows_again_after_a_restart_of_auth() {
    let mut town = Town::start().await;
    let user = town.user().await;
    remembered(&user).await;
    town.stop("auth").await;
    town.start_again("auth").await;
    eventually("auth can be reached again", async || {
        user.get("/auth/me").await.status == 200
    })
    .await;
    logout(&user).await;
    assert_refused_in_time(&user).await;
}

#[tokio::test]
async fn nobody_but_the_gateway_reads_what_was_revoked() {
    let town = Town::start().await;
    let url = format!(
        "https://localhost:{}/internal/revocations",
        town.address("auth").port()
    );
    for (service, status) in [("gateway", 200), ("booking", 403), ("payment", 403)] {
        let answer = town.peer(service).get(&url).send().await.unwrap();
        assert_eq!(answer.status(), status, "{service}");
    }
    let user = town.user().await;
    let outside = user.get("/internal/revocations").await;
    outside.assert_refused(404, "route_not_found");
}
