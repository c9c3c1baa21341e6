//! Who guesses, scans or walks through everything is kept out for a while, and nobody else with him (L9, R3, T5, T11).

mod operator;

use std::time::Duration;

use escale_tests::logs::watcher;
use escale_tests::{Answer, Plan, Town, Visitor, eventually};
use http::Method;
use serde_json::{Value, json};

async fn guarded() -> Town {
    let plan = Plan {
        built_in_jail: true,
        ..Plan::default()
    };
    Town::planned(plan).await
}

fn wrong() -> Value {
    json!({"pseudo": "alice", "password": "Canari-mais-le-mauvais"})
}

/// Asks until the jail answers; the answers before that, and the jail's.
async fn until_jailed(mut ask: impl AsyncFnMut(usize) -> Answer) -> (Vec<Answer>, Answer) {
    let mut before = Vec::new();
    while before.len() < 3_000 {
        let answer = ask(before.len()).await;
        if answer.status == 429 && answer.field("/code") == "jailed" {
            return (before, answer);
        }
        before.push(answer);
    }
    panic!("after 3,000 attempts still not jailed");
}

fn without_ids(answer: &Answer) -> Value {
    let mut json = answer.json();
    if let Some(members) = json.as_object_mut() {
        members.remove("requestId");
    }
    json
}

/// Proves: R3, L9, API2:2019, T5, as-brute-force
#[tokio::test]
async fn a_guesser_of_passwords_is_jailed_and_learns_nothing_before_that() {
    let town = guarded().await;
    let visitor = town.visitor();
    let (before, jailed) = until_jailed(async |number| {
        let mut body = wrong();
        if number % 2 == 1 {
            body["pseudo"] = json!("nobody-of-that-name");
        }
        visitor.post("/auth/login", &body).await
    })
    .await;
    assert!(before.len() >= 40, "a few mistakes are not a crime");
    for answer in &before {
        assert_eq!(without_ids(answer), without_ids(&before[0]));
    }
    before[0].clone().assert_refused(401, "credentials_invalid");
    let jailed = jailed.assert_refused(429, "jailed");
    assert_eq!(
        jailed.field("/error"),
        "Trop de tentatives : accès suspendu"
    );
    assert_eq!(
        (
            jailed.header("retry-after"),
            jailed.field("/retryAfter").as_str()
        ),
        ("60", "60")
    );
    // The right password does not open now either; whether it was right is not told.
    let right = json!({"pseudo": "bob", "password": "Canari-mais-le-mauvais"});
    visitor
        .post("/auth/login", &right)
        .await
        .assert_refused(429, "jailed");
    let id = jailed.field("/requestId");
    eventually("the line is written", async || {
        !watcher()
            .find(&[&id, "\"target\":\"access\"", "\"reason\":\"jailed\""])
            .is_empty()
    })
    .await;
}

/// Proves: R3, L9
#[tokio::test]
async fn a_ban_passes_with_time_and_the_next_one_is_twice_as_long() {
    let town = guarded().await;
    let visitor = town.visitor();
    for seconds in [60, 120, 240] {
        let (_, jailed) = until_jailed(async |_| visitor.get("/wp-login").await).await;
        assert_eq!(jailed.header("retry-after"), seconds.to_string());
        town.pass(Duration::from_secs(seconds - 1));
        visitor.get("/wp-login").await.assert_refused(429, "jailed");
        town.pass(Duration::from_secs(1));
        visitor
            .get("/wp-login")
            .await
            .assert_refused(404, "route_not_found");
    }
}

/// Proves: L9, T11, T12
#[tokio::test]
async fn a_scanner_is_jailed_and_then_sees_one_answer_for_all_paths_but_health() {
    let town = guarded().await;
    let visitor = town.visitor();
    let (before, _) =
        until_jailed(async |number| visitor.get(&format!("/admin/{number}")).await).await;
    assert!(before.iter().all(|answer| answer.status == 404));
    for path in [
        "/admin/x",
        "/api/tours",
        "/auth/me",
        "/.well-known/jwks.json",
    ] {
        visitor.get(path).await.assert_refused(429, "jailed");
    }
    visitor.get("/health").await.assert_status(200);
}

/// Proves: L9, L18, API6:2023, T11, T12
#[tokio::test]
async fn a_walk_through_ids_jails_the_user_on_all_devices_and_nobody_else() {
    let town = guarded().await;
    let (thief, other) = (town.user().await, town.user().await);
    let second_device = town.visitor().login(&thief.pseudo, &thief.password).await;
    let id = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let (before, _) =
        until_jailed(async |number| thief.get(&format!("/api/bookings/{}", id(number))).await)
            .await;
    assert!(before.iter().all(|answer| answer.status == 404));
    assert!(before.len() > 60 && before.len() < 120, "{}", before.len());
    for device in [&thief, &second_device] {
        device.get("/api/tours").await.assert_refused(429, "jailed");
    }
    // The same address, another user; and what belongs to nobody.
    other.get("/api/tours").await.assert_status(200);
    let again = town.visitor().login(&thief.pseudo, &thief.password).await;
    again.get("/auth/me").await.assert_refused(429, "jailed");
    let refresh = json!({"refresh_token": second_device.session["refresh_token"]});
    second_device
        .post("/auth/logout", &refresh)
        .await
        .assert_status(204);
    town.pass(Duration::from_secs(60));
    again.get("/auth/me").await.assert_status(200);
}

/// Proves: edge-forwarded-for
#[tokio::test]
async fn forged_addresses_neither_hide_a_guesser_nor_jail_their_owner() {
    let town = guarded().await;
    let visitor = town.visitor();
    let forged = |number: usize| format!("198.51.100.{}", number % 250);
    until_jailed(async |number| {
        let mut request = visitor.request(Method::POST, "/auth/login");
        for name in ["x-forwarded-for", "x-real-ip", "true-client-ip"] {
            request = request.header(name, forged(number));
        }
        let request = request.header("forwarded", format!("for={}", forged(number)));
        visitor.send(request.json(&wrong())).await
    })
    .await;
    assert_eq!(keys(&town).await, ["127.0.0.1"]);
}

/// Elsewhere on this machine: Linux alone has more than one loopback address by itself.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_guesser_elsewhere_jails_neither_another_address_nor_the_user_whose_name_he_tries() {
    let town = guarded().await;
    let user = town.user().await;
    let elsewhere = town.visitor_from([127, 0, 0, 2].into());
    let guess = json!({"pseudo": user.pseudo, "password": "Canari-mais-le-mauvais"});
    until_jailed(async |_| elsewhere.post("/auth/login", &guess).await).await;
    assert_eq!(keys(&town).await, ["127.0.0.2"]);
    user.get("/api/tours").await.assert_status(200);
    town.visitor().get("/api/tours").await.assert_status(401);
    // A good token does not carry the guesser's address back in.
    from_there(&town, &user)
        .get("/api/tours")
        .await
        .assert_refused(429, "jailed");
}

#[cfg(target_os = "linux")]
fn from_there(town: &Town, user: &Visitor) -> Visitor {
    town.visitor_from([127, 0, 0, 2].into())
        .with_token(user.token())
}

async fn keys(town: &Town) -> Vec<String> {
    let list = town.operate(Method::GET, "/jail").await.json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["key"].as_str().unwrap().to_owned())
        .collect()
}
