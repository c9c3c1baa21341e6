//! Two gateways in front of one platform: what they share, and how far they get without Redis.

mod away;

use std::time::{Duration, Instant};

use escale_engines::Redis;
use escale_tests::{Plan, SECOND_GATEWAY, Town, Visitor, eventually};
use http::Method;
use serde_json::json;

/// Two gateways that share a Redis; none, said aloud, where there is no Redis.
async fn sharing(mut plan: Plan) -> Option<(Town, Redis)> {
    let redis = escale_engines::redis().await?;
    escale_tests::logs::canary(redis.password());
    plan.second_gateway = true;
    plan.settings.push(("gateway", "REDIS_URL", redis.url()));
    // A loaded machine is slow, and what is slow is not what these scenarios are about.
    let deadline = ("gateway", "REDIS_TIMEOUT_MS", "1000".to_owned());
    if !plan.settings.iter().any(|(_, key, _)| *key == deadline.1) {
        plan.settings.push(deadline);
    }
    Some((Town::planned(plan).await, redis))
}

/// The same visitor at either gateway.
fn at_both(town: &Town, visitor: &Visitor) -> [Visitor; 2] {
    [visitor.clone(), town.through(SECOND_GATEWAY, visitor)]
}

/// Proves: L6
#[tokio::test]
async fn of_120_requests_spread_over_two_gateways_within_a_minute_exactly_100_pass() {
    let plan = Plan {
        with_built_in_limits: true,
        ..Plan::default()
    };
    let Some((town, _redis)) = sharing(plan).await else {
        return;
    };
    // The town's clock stands still, and both gateways count by it: nothing comes back meanwhile.
    let gateways = at_both(&town, &town.visitor());
    for number in 0..120 {
        let answer = gateways[number % 2].get("/health").await;
        match number {
            0..100 => {
                let left = format!(r#""address";r={};t=1"#, 99 - number);
                let answer = answer.assert_status(200);
                assert_eq!(answer.header("ratelimit"), left);
            }
            _ => drop(answer.assert_refused(429, "too_many_requests")),
        }
    }
    town.pass(Duration::from_secs(60));
    for gateway in &gateways {
        gateway.get("/health").await.assert_status(200);
    }
}

#[tokio::test]
async fn the_11th_login_of_a_minute_is_refused_at_whichever_gateway() {
    let plan = Plan {
        spies: vec!["auth"],
        with_built_in_limits: true,
        ..Plan::default()
    };
    let Some((town, _redis)) = sharing(plan).await else {
        return;
    };
    let gateways = at_both(&town, &town.visitor());
    let login = async |number: usize| {
        let credentials = json!({"pseudo": "alice", "password": "Canari-guess"});
        gateways[number % 2].post("/auth/login", &credentials).await
    };
    for number in 0..10 {
        login(number).await.assert_status(200);
    }
    for number in 10..14 {
        login(number)
            .await
            .assert_refused(429, "endpoint_limit_reached");
    }
    let seen = town.spies["auth"].seen();
    let logins = seen.iter().filter(|seen| seen.uri.path() == "/auth/login");
    assert_eq!(logins.count(), 10);
}

#[tokio::test]
async fn who_is_banned_at_one_gateway_is_banned_at_the_other_and_freed_at_both_by_either() {
    let plan = Plan {
        built_in_jail: true,
        ..Plan::default()
    };
    let Some((town, _redis)) = sharing(plan).await else {
        return;
    };
    let gateways = at_both(&town, &town.visitor());
    let status = async |gateway: usize| gateways[gateway].get("/wp-login").await.status;
    let mut asked = 0;
    while status(asked % 2).await == 404 {
        asked += 1;
    }
    // 1,500 points at 2 each, whichever gateway gave them; those on the way to the other may be a few more.
    assert!((750..760).contains(&asked), "{asked}");
    let begun = Instant::now();
    for gateway in [0, 1] {
        eventually("he is banned here too", async || {
            status(gateway).await == 429
        })
        .await;
        gateways[gateway]
            .get("/wp-login")
            .await
            .assert_refused(429, "jailed");
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{begun:?}");
    let url = format!("http://{}/jail/127.0.0.1", town.admin(SECOND_GATEWAY));
    let freed = town.public_client().delete(url).send().await.unwrap();
    assert_eq!(freed.status(), 204);
    for gateway in [1, 0] {
        eventually("he is let in", async || status(gateway).await == 404).await;
    }
    let list = town.operate(Method::GET, "/jail").await;
    assert_eq!(list.json(), json!({"items": []}));
}

/// Revocations go from auth to each gateway over mTLS, and not through Redis: there is none here.
/// Proves: token-revoked
#[tokio::test]
async fn a_token_that_is_revoked_at_one_gateway_is_refused_at_the_other_within_a_second() {
    let plan = Plan {
        second_gateway: true,
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let [user, elsewhere] = at_both(&town, &town.user().await);
    // Both remember the token as good.
    for gateway in [&user, &elsewhere] {
        gateway.get("/api/tours").await.assert_status(200);
    }
    let session = json!({"refresh_token": user.session["refresh_token"]});
    user.post("/auth/logout", &session).await.assert_status(204);
    let begun = Instant::now();
    eventually("the token is refused", async || {
        elsewhere.get("/api/tours").await.status == 401
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{begun:?}");
}
