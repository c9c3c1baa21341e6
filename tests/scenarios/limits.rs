//! How much a client may ask for (L6-L8, R11): by address, by costly route, by user and day.

mod beyond_addresses;
mod reading;

use std::time::Duration;

use escale_tests::{Answer, Plan, Town, Visitor};
use http::Method;
use tokio::io::AsyncWriteExt;

use reading::{assert_no_old_fields, assert_over, field, read_answer};

/// The built-in limits; spies answer in the place of these services.
fn built_in(spies: &[&'static str]) -> Plan {
    Plan {
        spies: spies.to_vec(),
        with_built_in_limits: true,
        ..Plan::default()
    }
}

async fn limited(spies: &[&'static str]) -> Town {
    Town::planned(built_in(spies)).await
}

/// The same behind a proxy on 127.0.0.1, so that a visitor can come from many addresses.
async fn behind_a_proxy(spies: &[&'static str]) -> Town {
    let mut plan = built_in(spies);
    let proxies = "127.0.0.1, ::1".to_owned();
    plan.settings.push(("gateway", "TRUSTED_PROXIES", proxies));
    Town::planned(plan).await
}

/// The request of a client at this address, as the proxy hands it on.
async fn get_from(visitor: &Visitor, address: &str, path: &str) -> Answer {
    let request = visitor.request(Method::GET, path);
    let request = request.header("x-forwarded-for", format!("192.0.2.66, {address}"));
    visitor.send(request).await
}

/// Proves: R11, L6, API4:2019, API4:2023, T4, S3
#[tokio::test]
async fn the_101st_request_of_an_address_is_refused_in_the_courses_words() {
    let town = limited(&[]).await;
    let visitor = town.visitor();
    for left in (0..100).rev() {
        let answer = visitor.get("/health").await.assert_status(200);
        assert_eq!(field(&answer, "ratelimit-policy"), ["address q=100 w=60"]);
        assert_eq!(
            field(&answer, "ratelimit"),
            [format!("address r={left} t=1")]
        );
        assert_no_old_fields(&answer);
    }
    let text = "Trop de requêtes, veuillez réessayer plus tard";
    let wait = assert_over(
        visitor.get("/health").await,
        "too_many_requests",
        "address",
        text,
    );
    town.pass(Duration::from_secs(wait));
    visitor.get("/health").await.assert_status(200);
}

/// Proves: R11, L6
#[tokio::test]
async fn the_101st_unknown_path_of_a_minute_is_refused_too() {
    let town = limited(&[]).await;
    let visitor = town.visitor();
    let asked = [
        (Method::GET, "/wp-login", 404),
        (Method::PATCH, "/api/tours", 405),
    ];
    for (left, (method, path, status)) in (0..100).rev().zip(asked.iter().cycle()) {
        let answer = visitor.send(visitor.request(method.clone(), path)).await;
        let answer = answer.assert_status(*status);
        assert_eq!(field(&answer, "ratelimit-policy"), ["address q=100 w=60"]);
        assert_eq!(
            field(&answer, "ratelimit"),
            [format!("address r={left} t=1")]
        );
    }
    let text = "Trop de requêtes, veuillez réessayer plus tard";
    for path in ["/wp-login", "/health"] {
        assert_over(
            visitor.get(path).await,
            "too_many_requests",
            "address",
            text,
        );
    }
}

#[tokio::test]
async fn a_minute_later_the_whole_allowance_is_back_and_english_is_spoken() {
    let town = limited(&[]).await;
    let visitor = town.visitor();
    for _ in 0..2 {
        for _ in 0..100 {
            visitor.get("/health").await.assert_status(200);
        }
        let request = visitor
            .request(Method::GET, "/health")
            .header("accept-language", "en");
        let text = "Too many requests, please try again later";
        assert_over(
            visitor.send(request).await,
            "too_many_requests",
            "address",
            text,
        );
        town.pass(Duration::from_secs(60));
    }
}

/// Proves: R11, L6
#[tokio::test]
async fn the_limit_stands_before_any_look_at_the_token() {
    let town = limited(&["catalog"]).await;
    let user = town.user().await;
    let stranger = town.visitor().with_token("not.a.token");
    for _ in 0..98 {
        let answer = stranger
            .get("/api/tours")
            .await
            .assert_refused(401, "token_invalid");
        assert_eq!(
            field(&answer, "ratelimit-policy"),
            ["address q=100 w=60", "daily q=1000 w=86400"]
        );
        assert_eq!(field(&answer, "ratelimit").len(), 1, "no user was counted");
    }
    for visitor in [&stranger, &user] {
        visitor
            .get("/api/tours")
            .await
            .assert_refused(429, "too_many_requests");
    }
    assert!(town.spies["catalog"].seen().is_empty());
}

/// Proves: L6, edge-forwarded-for
#[tokio::test]
async fn an_address_that_the_client_makes_up_changes_nothing() {
    let town = limited(&[]).await;
    let mut stream = town.tls_stream().await;
    for number in 1..=101 {
        let other = format!("198.51.100.{number}");
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {other}\r\nX-Real-IP: {other}\r\n\
             Forwarded: for={other}\r\nX-Client-IP: {other}\r\nTrue-Client-IP: {other}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let expected = if number <= 100 { "200" } else { "429" };
        let head = read_answer(&mut stream).await;
        assert_eq!(
            head.split(' ').nth(1),
            Some(expected),
            "request {number}: {head}"
        );
    }
}

/// Proves: edge-forwarded-for
#[tokio::test]
async fn behind_a_trusted_proxy_clients_are_told_apart_from_the_right() {
    let town = behind_a_proxy(&[]).await;
    let visitor = town.visitor();
    for _ in 0..100 {
        get_from(&visitor, "198.51.100.7", "/health")
            .await
            .assert_status(200);
    }
    // What stands to the left of the proxy's own entry is the client's, and another one at each request.
    for number in 0..3 {
        let forged = format!("203.0.113.{number}, 198.51.100.7");
        get_from(&visitor, &forged, "/health")
            .await
            .assert_refused(429, "too_many_requests");
    }
    for other in ["198.51.100.8", "2001:db8::1"] {
        get_from(&visitor, other, "/health")
            .await
            .assert_status(200);
    }
    // One subscriber's network.
    for number in 2..=100 {
        let address = format!("2001:db8::{number:x}");
        get_from(&visitor, &address, "/health")
            .await
            .assert_status(200);
    }
    get_from(&visitor, "2001:db8::ffff", "/health")
        .await
        .assert_refused(429, "too_many_requests");
    get_from(&visitor, "2001:db8:0:1::1", "/health")
        .await
        .assert_status(200);
}
