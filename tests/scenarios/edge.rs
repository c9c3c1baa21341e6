//! The gateway's public face: routes, refusals, headers.

use escale_tests::{Plan, Town};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PROTECTED: [(&str, &str); 12] = [
    ("GET", "/auth/me"),
    ("GET", "/api/tours"),
    ("GET", "/api/tours/search?q=mer"),
    ("GET", "/api/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"),
    ("POST", "/api/tours"),
    ("PUT", "/api/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"),
    ("DELETE", "/api/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"),
    ("GET", "/api/bookings"),
    ("POST", "/api/bookings"),
    (
        "POST",
        "/api/bookings/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10/cancel",
    ),
    ("GET", "/api/payments"),
    ("POST", "/api/payments"),
];

/// Proves: R17, L4, API7:2019, API8:2023, edge-responses
#[tokio::test]
async fn health_is_public_and_carries_the_security_headers() {
    let town = Town::start().await;
    let answer = town.visitor().get("/health").await.assert_status(200);
    for (name, expected) in [
        ("strict-transport-security", "max-age="),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert!(
            answer.header(name).contains(expected),
            "{name}: {:?}",
            answer.headers
        );
    }
    for name in ["server", "x-powered-by", "via"] {
        assert!(
            !answer.headers.contains_key(name),
            "{name}: {:?}",
            answer.headers
        );
    }
}

/// Proves: L2, L5, J2
#[tokio::test]
async fn every_protected_route_wants_a_token_in_the_courses_words() {
    let town = Town::start().await;
    for (method, path) in PROTECTED {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let visitor = town.visitor();
        let bare = visitor.send(visitor.request(method.clone(), path)).await;
        let bare = bare.assert_refused(401, "authorization_missing");
        assert_eq!(bare.field("/error"), "Authorization header manquant");
        assert!(bare.header("www-authenticate").starts_with("Bearer"));
        let empty = visitor
            .request(method.clone(), path)
            .header("authorization", "Bearer ");
        let empty = visitor
            .send(empty)
            .await
            .assert_refused(401, "token_missing");
        assert_eq!(empty.field("/error"), "Token manquant");
        let rubbish = visitor.with_token("not.a.token");
        let rubbish = rubbish.send(rubbish.request(method, path)).await;
        assert_eq!(
            rubbish.assert_refused(401, "token_invalid").field("/error"),
            "Token invalide"
        );
    }
}

/// Proves: edge-policy
#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_told_apart() {
    let town = Town::start().await;
    let user = town.user().await;
    user.get("/api/nothing")
        .await
        .assert_refused(404, "route_not_found");
    user.get("/bookings")
        .await
        .assert_refused(404, "route_not_found");
    user.get("/internal/bookings")
        .await
        .assert_refused(404, "route_not_found");
    let wrong = user
        .send(user.request(Method::PATCH, "/api/bookings"))
        .await;
    let wrong = wrong.assert_refused(405, "method_not_allowed");
    let mut allowed: Vec<_> = wrong.header("allow").split(", ").collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

/// Proves: L4, edge-path
#[tokio::test]
async fn ambiguous_paths_are_refused_before_anything_looks_at_them() {
    let town = Town::planned(Plan {
        spies: vec!["catalog"],
        ..Plan::default()
    })
    .await;
    let user = town.user().await;
    for path in [
        "/api//tours",
        "/api/tours/",
        "/api/./tours",
        "/api/x/../tours",
        "/api/%2e%2e/tours",
        "/api/tours%2fsearch",
        "/api/tours%5csearch",
        "/api/tours%252fsearch",
        "/api/tours;x=1",
        "/api/tours%00",
        "//api/tours",
    ] {
        // A client library would tidy the path up; the bytes go out as they are here.
        let answer = raw_get(&town, path, user.token()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 ") && answer.contains("\"code\":\"ambiguous_path\""),
            "{path}: {answer}"
        );
    }
    assert!(town.spies["catalog"].seen().is_empty(), "nothing passed");
    user.get("/api/tours").await.assert_status(200);
    assert_eq!(town.spies["catalog"].last().uri.path(), "/tours");
}

/// Proves: R15, token-url
#[tokio::test]
async fn a_token_in_the_url_is_never_read() {
    let town = Town::start().await;
    let user = town.user().await;
    let visitor = town.visitor();
    for name in ["access_token", "jwt", "token"] {
        let path = format!("/api/tours?{name}={}", user.token());
        visitor
            .get(&path)
            .await
            .assert_refused(401, "authorization_missing");
        user.get(&path)
            .await
            .assert_refused(400, "ambiguous_header");
    }
}

/// Proves: R12
#[tokio::test]
async fn plain_http_is_told_in_one_line_of_json_to_use_https() {
    let town = Town::start().await;
    let mut stream = tokio::net::TcpStream::connect(town.address("gateway"))
        .await
        .unwrap();
    stream
        .write_all(b"GET /api/tours HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 400"), "{head}");
    assert_eq!(body.trim_end().lines().count(), 1, "{body}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["code"], &body["success"]),
        (&"https_required".into(), &false.into())
    );
}

/// Proves: edge-cors
#[tokio::test]
async fn no_other_origin_is_ever_let_in() {
    let town = Town::start().await;
    let user = town.user().await;
    for origin in [
        "null",
        "https://good.evil",
        "http://good",
        "https://localhost",
        "https://localhost:8080.evil.test",
    ] {
        for (method, path) in [
            (Method::GET, "/health"),
            (Method::GET, "/api/tours"),
            (Method::POST, "/auth/login"),
            (Method::GET, "/.well-known/jwks.json"),
            (Method::GET, "/nowhere"),
        ] {
            let plain = user.request(method.clone(), path).header("origin", origin);
            let preflight = user
                .request(Method::OPTIONS, path)
                .header("origin", origin)
                .header("access-control-request-method", method.as_str())
                .header("access-control-request-headers", "authorization")
                .header("access-control-request-private-network", "true");
            for request in [plain, preflight] {
                let answer = user.send(request).await;
                let allowed = answer
                    .headers
                    .keys()
                    .find(|name| name.as_str().starts_with("access-control-"));
                assert_eq!(allowed, None, "{origin} {path}");
            }
        }
    }
    let options = user.send(user.request(Method::OPTIONS, "/api/tours")).await;
    let options = options.assert_refused(405, "method_not_allowed");
    assert_eq!(options.header("allow"), "GET, HEAD, POST");
}

#[tokio::test]
async fn both_versions_of_http_are_spoken() {
    let town = Town::start().await;
    let answer = raw_get(&town, "/health", "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let response = town.public_client().get(format!(
        "https://localhost:{}/health",
        town.address("gateway").port()
    ));
    assert_eq!(
        response.send().await.unwrap().version(),
        http::Version::HTTP_2
    );
}

/// One HTTP/1.1 request as it is written here, over TLS.
async fn raw_get(town: &Town, path: &str, token: &str) -> String {
    let mut stream = town.tls_stream().await;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that closes without close_notify has still answered.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
