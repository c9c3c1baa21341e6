//! The identity headers that services believe are the gateway's, never the client's (L3, CVE-2026-39998).

use escale_tests::{Plan, Town, Visitor};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const FORGED: &str = "00000000-0000-4000-8000-00000000dead";

async fn spied() -> (Town, Visitor) {
    let plan = Plan {
        spies: vec!["booking", "payment", "catalog"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let user = town.user().await;
    (town, user)
}

/// Proves: L3, T4, edge-identity, edge-hop-by-hop, edge-forwarded-path
#[tokio::test]
async fn forged_identity_headers_never_reach_a_service() {
    let (town, user) = spied().await;
    let id = user.get("/auth/me").await.field("/id");
    for (path, service) in [
        ("/api/bookings", "booking"),
        ("/api/payments", "payment"),
        ("/api/tours", "catalog"),
    ] {
        for connection in [
            None,
            Some("x-user-id, x-user-role, x-user-scope, authorization"),
        ] {
            // HTTP/1.1 by hand: HTTP/2 forbids a Connection header, and libraries tidy names up.
            let connection = connection
                .map(|names| format!("Connection: {names}\r\n"))
                .unwrap_or_default();
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n{connection}\
                 x-user-id: {FORGED}\r\nX-USER-ID: {FORGED}\r\nx-user-role: admin\r\nx-user-scope: tours:write\r\n\
                 X-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\nX-Original-URL: /internal/x\r\n\
                 X-Subject: {FORGED}\r\nX-Problem-Code: forged\r\nX-Request-Path: /forged\r\n\
                 X-HTTP-Method-Override: DELETE\r\nCookie: session={FORGED}\r\n\r\n",
                user.token()
            );
            assert_eq!(status_of(&town, &request).await, "200");
            let seen = town.spies[service].last();
            let all = |name: &str| {
                let values = seen.headers.get_all(name).iter();
                values
                    .map(|value| value.to_str().unwrap().to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(all("x-user-id"), [id.as_str()]);
            assert_eq!(all("x-request-path"), [path]);
            assert_eq!(all("x-user-role"), ["user"]);
            assert!(all("x-user-scope")[0].contains("bookings:read"));
            assert!(!all("x-user-scope")[0].contains("tours:write"));
            for gone in [
                "authorization",
                "cookie",
                "forwarded",
                "x-original-url",
                "x-problem-code",
                "x-subject",
                "x-http-method-override",
            ] {
                assert!(!seen.headers.contains_key(gone), "{gone}");
            }
            assert!(!format!("{:?}", seen.headers).contains("203.0.113.9"));
            assert_eq!(
                (seen.method, seen.uri.path()),
                (Method::GET, path.strip_prefix("/api").unwrap())
            );
        }
    }
}

/// Proves: L3, edge-identity
#[tokio::test]
async fn an_underscore_that_stands_for_a_dash_is_refused_and_any_other_dropped() {
    let (town, user) = spied().await;
    for (name, expected) in [
        ("X_User_Id", "400"),
        ("x_user_role", "400"),
        ("X_USER-Scope", "400"),
        ("x-user_id", "400"),
        ("x_request_path", "400"),
        ("x_subject", "400"),
        ("X_Forwarded_For", "400"),
        ("x_other", "200"),
        ("user_id", "200"),
    ] {
        let request = format!(
            "GET /api/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n{name}: {FORGED}\r\n\r\n",
            user.token()
        );
        let status = status_of(&town, &request).await;
        assert_eq!(status, expected, "{name}");
    }
    let seen = town.spies["booking"].seen();
    assert_eq!(seen.len(), 2, "what was refused reached nobody");
    for seen in seen {
        assert!(
            seen.headers.keys().all(|name| !name.as_str().contains('_')),
            "{:?}",
            seen.headers
        );
        assert!(!format!("{:?}", seen.headers).contains(FORGED));
    }
}

/// Proves: L3, edge-identity
#[tokio::test]
async fn without_a_token_no_identity_is_made_up_on_public_routes() {
    let plan = Plan {
        spies: vec!["auth"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let visitor = town.visitor();
    let request = visitor
        .request(Method::POST, "/auth/login")
        .header("x-user-id", FORGED)
        .body(r#"{"pseudo":"zoe","password":"x"}"#);
    visitor
        .send(request.header("content-type", "application/json"))
        .await
        .assert_status(200);
    assert!(!town.spies["auth"].last().headers.contains_key("x-user-id"));
}

#[tokio::test]
async fn one_request_id_and_one_trace_go_through_and_come_back() {
    let (town, user) = spied().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = user
        .request(Method::GET, "/api/bookings")
        .header("x-request-id", FORGED)
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let answer = user.send(request).await.assert_status(200);
    let seen = town.spies["booking"].last();
    let id = seen.headers["x-request-id"].to_str().unwrap();
    assert_ne!(id, FORGED);
    assert_eq!(answer.header("x-request-id"), id);
    assert!(
        seen.headers["traceparent"]
            .to_str()
            .unwrap()
            .starts_with(&format!("00-{trace}-"))
    );
}

/// The status of one raw request.
async fn status_of(town: &Town, request: &str) -> String {
    let mut stream = town.tls_stream().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 64];
    let length = stream.read(&mut head).await.unwrap_or_default();
    String::from_utf8_lossy(&head[..length])
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}
