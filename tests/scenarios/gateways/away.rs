//! Redis killed, frozen, and back: login and payment closed, reading open.

use super::*;
use escale_tests::logs::watcher;

async fn login(user: &Visitor, language: &str) -> escale_tests::Answer {
    let credentials = json!({"pseudo": user.pseudo, "password": user.password});
    let request = user.request(Method::POST, "/auth/login");
    let request = request.header("accept-language", language);
    user.send(request.json(&credentials)).await
}

/// What the contract says of the time without Redis.
async fn assert_reading_is_open_and_the_rest_closed(user: &Visitor) {
    for path in [
        "/health",
        "/api/tours",
        "/auth/me",
        "/.well-known/jwks.json",
    ] {
        user.get(path).await.assert_status(200);
    }
    for (language, text) in [
        ("fr", "Service indisponible"),
        ("en", "Service unavailable"),
    ] {
        let refused = login(user, language).await;
        let refused = refused.assert_refused(503, "service_unavailable");
        assert_eq!(refused.field("/error"), text);
        assert_eq!(refused.header("retry-after"), "1");
    }
    let payment = json!({"bookingId": uuid::Uuid::new_v4(), "cardToken": "tok_accepted"});
    let paid = user
        .post_with_key("/api/payments", "no-redis", &payment)
        .await;
    paid.assert_refused(503, "service_unavailable");
}

#[tokio::test]
async fn without_redis_login_and_payment_are_closed_reading_is_open_and_it_recovers_by_itself() {
    let plan = Plan {
        with_built_in_limits: true,
        ..Plan::default()
    };
    let Some((town, mut redis)) = sharing(plan).await else {
        return;
    };
    let [user, elsewhere] = at_both(&town, &town.user().await);
    redis.kill();
    for gateway in [&user, &elsewhere] {
        assert_reading_is_open_and_the_rest_closed(gateway).await;
    }
    // Who ends or renews a session is not kept from it.
    let session = json!({"refresh_token": user.session["refresh_token"]});
    let renewed = user.post("/auth/refresh", &session).await;
    let renewed = renewed.assert_status(200).field("/refresh_token");
    escale_tests::logs::canary(&renewed);
    let session = json!({"refresh_token": renewed});
    elsewhere
        .post("/auth/logout", &session)
        .await
        .assert_status(204);
    eventually("it is said", async || {
        !watcher().find(&["Redis is away", "WARN"]).is_empty()
    })
    .await;

    redis.restart();
    eventually("login is open again", async || {
        login(&user, "fr").await.status == 200
    })
    .await;
    let gateways = at_both(&town, &town.visitor());
    eventually("both gateways share again", async || {
        let left = async |gateway: &Visitor| {
            let answer = gateway.get("/health").await;
            let standing = answer.header("ratelimit").to_owned();
            let left = standing.split([';', '=']).nth(2).map(str::to_owned);
            left.and_then(|left| left.parse::<u32>().ok())
        };
        let (first, second) = (left(&gateways[0]).await, left(&gateways[1]).await);
        first
            .zip(second)
            .is_some_and(|(first, second)| first == second + 1)
    })
    .await;
}

#[tokio::test]
async fn a_frozen_redis_is_waited_for_no_longer_than_its_deadline() {
    let mut plan = Plan::default();
    let deadline = ("gateway", "REDIS_TIMEOUT_MS", "500".to_owned());
    plan.settings.push(deadline);
    let Some((town, redis)) = sharing(plan).await else {
        return;
    };
    let user = town.user().await;
    redis.stop();
    let begun = Instant::now();
    user.get("/api/tours").await.assert_status(200);
    // Two limits are asked for; a loaded machine needs some time of its own.
    assert!(begun.elapsed() < Duration::from_secs(3), "{begun:?}");
    assert_reading_is_open_and_the_rest_closed(&user).await;
    redis.cont();
    eventually("login is open again", async || {
        login(&user, "fr").await.status == 200
    })
    .await;
}
