//! Every refusal, from whichever layer, has one form.

use super::*;

/// Proves: R19, L5, edge-responses
#[tokio::test]
async fn every_refusal_has_the_one_body_the_headers_and_a_line_in_the_log() {
    let bench = Bench::with_catalog(None);
    for (request, status, code) in [
        (Request::get("/api//tours"), 400, "ambiguous_path"),
        (
            Request::get("https://evil.test/api/tours"),
            400,
            "malformed_request",
        ),
        (Request::get("/nowhere"), 404, "route_not_found"),
        (Request::patch("/api/tours"), 405, "method_not_allowed"),
        (Request::get("/api/tours"), 401, "authorization_missing"),
        (
            Request::get("/api/tours").header(AUTHORIZATION, "Bearer x"),
            401,
            "token_invalid",
        ),
        (
            bench.as_alice(Method::POST, "/api/tours"),
            403,
            "insufficient_scope",
        ),
        (
            bench
                .as_alice(Method::GET, "/api/tours")
                .header("X_User_Id", "1"),
            400,
            "ambiguous_header",
        ),
        (
            bench.as_alice(Method::GET, "/api/tours"),
            503,
            "service_unavailable",
        ),
    ] {
        let (log, _guard) = LogCapture::start();
        let response = bench.send(request).await;
        assert_eq!(response.status(), status, "{code}");
        assert_hardened(response.headers());
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let id = response.headers()["x-request-id"]
            .to_str()
            .expect("text")
            .to_owned();
        let body = json(response).await;
        assert_eq!(
            (&body["code"], &body["success"]),
            (&code.into(), &false.into())
        );
        assert_eq!(body["requestId"], id.as_str());
        let line = log.text();
        assert!(
            line.contains(&format!("reason=\"{code}\"")) && line.contains(&id),
            "{line}"
        );
        assert!(!body.to_string().contains("127.0.0.1"), "{body}");
    }
}

#[tokio::test]
async fn the_courses_words_are_said_and_english_to_who_asks_for_it() {
    let bench = Bench::with_catalog(None);
    let french = json(bench.send(bench.as_alice(Method::GET, "/api/tours")).await).await;
    assert_eq!(french["error"], "Service indisponible");
    let request = Request::get("/api/tours").header("accept-language", "en");
    assert_eq!(
        json(bench.send(request).await).await["error"],
        "Authorization header missing"
    );
}

#[tokio::test]
async fn every_protected_route_of_the_table_refuses_who_has_no_token() {
    let bench = Bench::with_catalog(None);
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let protected = table
        .routes()
        .iter()
        .filter(|route| route.access != Access::Public);
    assert!(protected.count() >= 12);
    for (method, path) in [
        ("GET", "/auth/me"),
        ("GET", "/api/tours"),
        ("GET", "/api/tours/search"),
        ("GET", "/api/tours/1"),
        ("POST", "/api/tours"),
        ("PUT", "/api/tours/1"),
        ("DELETE", "/api/tours/1"),
        ("GET", "/api/bookings"),
        ("POST", "/api/bookings"),
        ("GET", "/api/bookings/1"),
        ("POST", "/api/bookings/1/cancel"),
        ("GET", "/api/payments"),
        ("POST", "/api/payments"),
        ("GET", "/api/payments/1"),
        ("HEAD", "/api/tours"),
    ] {
        let response = bench
            .send(Request::builder().method(method).uri(path))
            .await;
        assert_eq!(response.status(), 401, "{method} {path}");
    }
}

/// Proves: R19, edge-responses
#[tokio::test]
async fn a_panic_in_a_layer_is_a_fixed_500_with_every_header_and_its_line() {
    let (log, _guard) = LogCapture::start();
    let failing = ServiceBuilder::new()
        .layer(from_fn(request_id))
        .layer(from_fn(access_log))
        .layer(from_fn(render_errors))
        .layer(catch_panic())
        .layer(from_fn(security_headers))
        .service((|| async { panicking().into_response() }).with_state(()));
    let request = Request::get("/").body(Body::empty()).expect("a request");
    let response = failing.oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), 500);
    assert_hardened(response.headers());
    assert_eq!(json(response).await["code"], "internal");
    assert!(
        log.text().contains("secret detail"),
        "the log knows the cause"
    );
}

fn panicking() -> &'static str {
    panic!("secret detail")
}
