//! API keys over the whole platform (T1, R7): the real authorisation server, asked over mTLS.

use std::time::{Duration, Instant};

use escale_tests::{Plan, Town, Visitor, eventually, logs};
use http::Method;
use serde_json::{Value, json};

/// What a revocation may take (T9).
const PROMISE: Duration = Duration::from_secs(1);
/// As long as the gateway goes by an answer without asking again.
const FRESH: Duration = Duration::from_secs(30);

/// A new key of this user: its id, and somebody who shows it.
async fn key_of(user: &Visitor) -> (String, Visitor) {
    let body = json!({"name": "Office de tourisme", "scopes": ["tours:read"]});
    let made = user.post("/auth/api-keys", &body).await.assert_status(201);
    let key = made.field("/key");
    logs::canary(&key);
    (made.field("/id"), user.with_api_key(&key))
}

async fn revoke(user: &Visitor, id: &str) {
    let path = format!("/auth/api-keys/{id}");
    let request = user.request(Method::DELETE, &path);
    user.send(request).await.assert_status(204);
}

/// Proves: R1, API5:2023, T1
#[tokio::test]
async fn a_key_opens_what_is_public_and_nothing_of_its_owner() {
    let town = Town::start().await;
    let user = town.user().await;
    let (id, program) = key_of(&user).await;
    let tours = program.get("/api/tours").await.assert_status(200);
    let tour = tours.field("/items/0/id");
    for path in [&format!("/api/tours/{tour}"), "/api/tours/search?q=lyon"] {
        program.get(path).await.assert_status(200);
    }
    for path in [
        "/api/bookings",
        "/api/payments",
        "/auth/me",
        "/auth/api-keys",
    ] {
        let refused = program.get(path).await;
        refused.assert_refused(401, "authorization_missing");
    }
    let revoking = program.request(Method::DELETE, &format!("/auth/api-keys/{id}"));
    let refused = program.send(revoking).await;
    refused.assert_refused(401, "authorization_missing");
    let listed = user.get("/auth/api-keys").await.assert_status(200).json();
    assert_eq!(listed["items"][0]["id"], id.as_str());
    assert!(listed["items"][0]["lastUsedOn"].is_string(), "{listed}");
}

/// Proves: API2:2023, T1
#[tokio::test]
async fn the_seeded_key_works_and_a_made_up_one_is_refused() {
    let town = Town::start().await;
    let program = town.visitor().with_api_key(&town.api_key());
    program.get("/api/tours").await.assert_status(200);
    let guessed = format!("esc_{}", "A".repeat(43));
    let refused = town
        .visitor()
        .with_api_key(&guessed)
        .get("/api/tours")
        .await;
    let refused = refused.assert_refused(401, "api_key_invalid");
    assert_eq!(
        refused.header("www-authenticate"),
        r#"Bearer realm="escale""#
    );
    assert_eq!(
        refused.field("/error"),
        "Clé d'API inconnue, expirée ou révoquée"
    );
}

/// Proves: token-revoked
#[tokio::test]
async fn a_key_that_is_remembered_as_good_is_refused_within_a_second_of_its_revocation() {
    let town = Town::start().await;
    let user = town.user().await;
    let ((id, program), (_, other)) = (key_of(&user).await, key_of(&user).await);
    for _ in 0..2 {
        program.get("/api/tours").await.assert_status(200);
        other.get("/api/tours").await.assert_status(200);
    }
    revoke(&user, &id).await;
    let begun = Instant::now();
    eventually("the key is refused", async || {
        program.get("/api/tours").await.status == 401
    })
    .await;
    let took = begun.elapsed();
    assert!(took < PROMISE, "{took:?}");
    let refused = program.get("/api/tours").await;
    refused.assert_refused(401, "api_key_invalid");
    other.get("/api/tours").await.assert_status(200);
}

#[tokio::test]
async fn while_auth_is_away_a_known_key_serves_on_and_a_revoked_or_unknown_one_does_not() {
    let mut town = Town::start().await;
    let user = town.user().await;
    let (_, program) = key_of(&user).await;
    let (revoked_id, revoked) = key_of(&user).await;
    let (_, unused) = key_of(&user).await;
    program.get("/api/tours").await.assert_status(200);
    revoked.get("/api/tours").await.assert_status(200);
    revoke(&user, &revoked_id).await;
    eventually("the revocation has come", async || {
        revoked.get("/api/tours").await.status == 401
    })
    .await;
    town.stop("auth").await;
    town.pass(FRESH);
    program.get("/api/tours").await.assert_status(200);
    let nobody_knows = unused.get("/api/tours").await;
    nobody_knows.assert_refused(503, "service_unavailable");
    assert_ne!(revoked.get("/api/tours").await.status, 200);
    town.pass(Duration::from_secs(600));
    let too_long = program.get("/api/tours").await;
    too_long.assert_refused(503, "service_unavailable");
    town.start_again("auth").await;
    town.pass(FRESH);
    eventually("auth answers again", async || {
        town.pass(PROMISE);
        program.get("/api/tours").await.status == 200
    })
    .await;
    unused.get("/api/tours").await.assert_status(200);
    let refused = revoked.get("/api/tours").await;
    refused.assert_refused(401, "api_key_invalid");
}

/// Proves: as-lockout
#[tokio::test]
async fn a_lock_of_the_account_closes_its_keys_after_half_a_minute_at_the_most() {
    let town = Town::start().await;
    let user = town.user().await;
    let (_, program) = key_of(&user).await;
    program.get("/api/tours").await.assert_status(200);
    for _ in 0..10 {
        let wrong = json!({"pseudo": user.pseudo, "password": "Canari-mais-le-mauvais"});
        town.visitor().post("/auth/login", &wrong).await;
    }
    town.pass(FRESH);
    let refused = program.get("/api/tours").await;
    refused.assert_refused(401, "api_key_invalid");
    town.pass(Duration::from_secs(15 * 60));
    program.get("/api/tours").await.assert_status(200);
}

/// Proves: L3, T4
#[tokio::test]
async fn a_service_is_told_of_the_key_and_never_shown_it() {
    let plan = Plan {
        spies: vec!["catalog"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let user = town.user().await;
    let me = user.get("/auth/me").await.field("/id");
    let (id, program) = key_of(&user).await;
    program.get("/api/tours").await.assert_status(200);
    let headers = town.spies["catalog"].last().headers;
    assert_eq!(headers["x-user-id"], format!("key:{id}"));
    assert_eq!(
        (&headers["x-user-role"], &headers["x-user-scope"]),
        (&"".parse().unwrap(), &"tours:read".parse().unwrap())
    );
    assert!(!headers.contains_key("x-api-key"));
    assert!(headers.values().all(|value| value != me.as_str()));
}

/// Ten keys are no ten quotas; and whoever wears down a stolen key does not keep its owner from taking it back.
/// Proves: L8
#[tokio::test]
async fn all_keys_of_an_owner_share_one_quota_which_is_not_his_own() {
    let town = Town::start().await;
    let user = town.user().await;
    let ((_, one), (_, two)) = (key_of(&user).await, key_of(&user).await);
    let left = |answer: &escale_tests::Answer| {
        let daily = answer.header("ratelimit").split(", ");
        let daily = daily
            .filter_map(|entry| entry.strip_prefix("\"daily\";r="))
            .next();
        let number = daily
            .and_then(|rest| rest.split(';').next())
            .expect("a quota");
        number.parse::<u64>().unwrap()
    };
    let first = left(&one.get("/api/tours").await);
    assert_eq!(left(&two.get("/api/tours").await), first - 1);
    assert_eq!(left(&one.get("/api/tours").await), first - 2);
    let owner = left(&user.get("/api/tours").await);
    // Two keys were made.
    assert_eq!(owner, first - 2);
    assert_eq!(left(&user.get("/api/tours").await), owner - 1);
}

/// Proves: R20, L12
#[tokio::test]
async fn making_and_revoking_are_audited_and_a_key_stands_in_no_record() {
    let town = Town::start().await;
    let user = town.user().await;
    let (id, program) = key_of(&user).await;
    program.get("/api/bookings").await;
    let other = town.user().await;
    let path = format!("/auth/api-keys/{id}");
    let stolen = other.send(other.request(Method::DELETE, &path)).await;
    stolen.assert_refused(404, "not_found");
    revoke(&user, &id).await;
    let done = |action: &str| {
        let is_it = |event: &&Value| event["event.action"] == action;
        let statuses = |event: &Value| event["http.response.status_code"].as_u64();
        let audit = town.audit();
        audit
            .iter()
            .filter(is_it)
            .filter_map(statuses)
            .collect::<Vec<_>>()
    };
    eventually("the records are written", async || {
        done("apikey.create") == [201] && done("apikey.revoke") == [404, 204]
    })
    .await;
}

/// Proves: svc-way-around
#[tokio::test]
async fn nobody_but_the_gateway_asks_whose_a_key_is() {
    let town = Town::start().await;
    let path = format!("/internal/api-keys/{}", "A".repeat(43));
    let url = format!("https://localhost:{}{path}", town.address("auth").port());
    for (service, status) in [("gateway", 404), ("booking", 403), ("catalog", 403)] {
        let answer = town.peer(service).get(&url).send().await.unwrap();
        assert_eq!(answer.status(), status, "{service}");
    }
    let outside = town.user().await.get(&path).await;
    outside.assert_refused(404, "route_not_found");
}
