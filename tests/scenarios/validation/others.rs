//! The bodies of payments, tours, accounts and sessions.

use escale_tests::{Plan, Town};
use http::Method;
use serde_json::{Value, json};

use super::{Bench, TOUR};

/// Proves: R14, svc-mass-assignment
#[tokio::test]
async fn payments_are_judged_before_they_arrive() {
    let bench = Bench::new().await;
    for (body, pointer, code) in [
        (json!({"bookingId": TOUR}), "/cardToken", "required"),
        (
            json!({"bookingId": TOUR, "cardToken": "4242424242424242"}),
            "/cardToken",
            "format",
        ),
        (
            json!({"bookingId": "1", "cardToken": "tok_accepted"}),
            "/bookingId",
            "format",
        ),
        (
            json!({"bookingId": TOUR, "cardToken": "tok_accepted", "amountCents": 1}),
            "/amountCents",
            "unknown_field",
        ),
    ] {
        let refused = bench.user.post("/api/payments", &body).await;
        let refused = refused.assert_refused(400, "invalid_data");
        assert_eq!(
            (
                refused.field("/errors/0/pointer").as_str(),
                refused.field("/errors/0/code").as_str()
            ),
            (pointer, code)
        );
        assert!(
            !refused.text().contains("4242"),
            "the value is never echoed"
        );
    }
    assert!(bench.arrived("payment").is_empty());
    let body = json!({"bookingId": TOUR.to_uppercase(), "cardToken": "tok_accepted"});
    bench
        .user
        .post("/api/payments", &body)
        .await
        .assert_status(200);
    assert_eq!(
        bench.arrived("payment"),
        [json!({"bookingId": TOUR, "cardToken": "tok_accepted"})]
    );
}

#[tokio::test]
async fn tours_are_judged_before_they_arrive() {
    let bench = Bench::new().await;
    let gina = bench.town.account("gina").await;
    let path = format!("/api/tours/{TOUR}");
    let mut tour = crate::tours::new_tour(12);
    for (pointer, value, code) in [
        ("/title/fr", json!("  "), "length"),
        ("/country", json!("ZZ"), "format"),
        ("/capacityPerDay", json!(0), "range"),
        ("/description/en", json!(7), "type"),
    ] {
        let mut bad = tour.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        for (method, path) in [(Method::POST, "/api/tours"), (Method::PUT, path.as_str())] {
            let refused = gina.send(gina.request(method, path).json(&bad)).await;
            let refused = refused.assert_refused(400, "invalid_data");
            assert_eq!(
                (
                    refused.field("/errors/0/pointer").as_str(),
                    refused.field("/errors/0/code").as_str()
                ),
                (pointer, code)
            );
        }
    }
    assert!(bench.arrived("catalog").is_empty());
    tour["city"] = json!("  Lyon ");
    gina.post("/api/tours", &tour).await.assert_status(200);
    assert_eq!(bench.arrived("catalog"), [crate::tours::new_tour(12)]);
}

/// Proves: R14, svc-mass-assignment
#[tokio::test]
async fn accounts_and_sessions_are_judged_before_they_arrive() {
    let plan = Plan {
        spies: vec!["auth"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let (visitor, arrived) = (town.visitor(), || {
        let seen = town.spies["auth"].seen().into_iter();
        seen.filter(|seen| seen.method == Method::POST).count()
    });
    let account = json!({"pseudo": "zoe", "email": "zoe@canary.example", "password": "correct horse battery"});
    let with = |field: &str, value: Value| {
        let mut account = account.clone();
        account[field] = value;
        account
    };
    for (path, body, pointer) in [
        ("/auth/register", with("role", json!("admin")), "/role"),
        ("/auth/register", with("email", json!("nobody")), "/email"),
        (
            "/auth/register",
            with("password", json!("short")),
            "/password",
        ),
        ("/auth/register", with("pseudo", json!(["zoe"])), "/pseudo"),
        ("/auth/login", json!({"pseudo": "zoe"}), "/password"),
        (
            "/auth/login",
            json!({"pseudo": {"$ne": ""}, "password": "x"}),
            "/pseudo",
        ),
        ("/auth/refresh", json!({}), "/refresh_token"),
        (
            "/auth/logout",
            json!({"refresh_token": 5}),
            "/refresh_token",
        ),
    ] {
        let refused = visitor
            .post(path, &body)
            .await
            .assert_refused(400, "invalid_data");
        assert_eq!(refused.field("/errors/0/pointer"), pointer, "{path}");
    }
    assert_eq!(arrived(), 0);
    visitor
        .post("/auth/register", &account)
        .await
        .assert_status(200);
    let seen = town.spies["auth"].last();
    assert_eq!(
        serde_json::from_slice::<Value>(&seen.body).unwrap(),
        account
    );
}
