//! What a service behind the gateway sees, whatever the client sent.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::middleware::{from_fn, from_fn_with_state};
use service_kit::peer::Connection;
use tower::ServiceExt;

use super::*;
use crate::client_address::TrustedProxies;
use crate::layers::authenticate::{Verifiers, authenticate};
use crate::layers::client_address::client_address;
use crate::layers::request_id::request_id;
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_issuer::{ALICE, TestIssuer};

/// What a service behind the gateway would see, or the code of the refusal.
async fn seen(issuer: &TestIssuer, request: Builder) -> Result<HeaderMap, Code> {
    let (tokens, _life) = issuer.tokens();
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let spy = |request: Request| async move { axum::Extension(request.headers().clone()) };
    let spy = move |request: Request| async move {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(spy(request).await.0);
        response
    };
    let app = Router::new()
        .fallback(spy)
        .layer(from_fn(identity_headers))
        .layer(from_fn_with_state(Verifiers::of(tokens), authenticate))
        .layer(from_fn_with_state(table, route))
        .layer(from_fn_with_state(
            TrustedProxies::default(),
            client_address,
        ))
        .layer(from_fn(request_id));
    let mut request = request.body(Body::empty()).expect("a request");
    let remote = "[::ffff:203.0.113.9]:40000".parse().expect("an address");
    request
        .extensions_mut()
        .insert(Connection { remote, peer: None });
    let mut response = app.oneshot(request).await.expect("an answer");
    match response.extensions().get::<ApiError>() {
        Some(error) => Err(error.code),
        None => Ok(response
            .extensions_mut()
            .remove()
            .expect("the spy's headers")),
    }
}

fn with_token(issuer: &TestIssuer) -> Builder {
    Request::get("/api/tours").header(AUTHORIZATION, format!("Bearer {}", issuer.token()))
}

/// What a client may try to make a service believe.
const FORGED: &[(&str, &str)] = &[
    ("x-user-id", "root"),
    ("X-USER-ID", "root"),
    ("X-User-Role", "admin"),
    ("x-user-scope", "everything"),
    ("x-user-tenant", "forged"),
    ("x-request-id", "forged"),
    ("x-request-path", "/forged"),
    ("x-problem-code", "forged"),
    ("x-subject", "00000000-0000-4000-8000-000000000b0b"),
    ("x-client-cert", "forged"),
    ("x-client-dn", "forged"),
    ("forwarded", "for=forged"),
    ("x-forwarded-for", "198.51.100.1"),
    ("x-forwarded-host", "forged"),
    ("x-forwarded-uri", "/forged"),
    ("x-forwarded-client-cert", "forged"),
    ("x-real-ip", "198.51.100.1"),
    ("x-original-url", "/forged"),
    ("x-rewrite-url", "/forged"),
    ("x-http-method-override", "DELETE"),
    ("x-http-method", "DELETE"),
    ("cookie", "session=forged"),
    ("te", "trailers"),
    ("keep-alive", "timeout=forged"),
    ("proxy-authorization", "forged"),
    ("x_other", "forged"),
    ("host", "forged"),
];

/// Proves: L3, edge-identity
#[tokio::test]
async fn a_service_sees_the_gateways_values_and_none_of_the_clients() {
    let issuer = TestIssuer::new("k1");
    let mut request = with_token(&issuer);
    for (name, value) in FORGED {
        request = request.header(*name, *value);
    }
    let headers = seen(&issuer, request.header("accept", "text/html"))
        .await
        .expect("passes");
    assert_eq!(headers["x-user-id"], ALICE);
    assert_eq!(headers["x-user-role"], "user");
    assert_eq!(headers["x-user-scope"], "tours:read bookings:read");
    assert_eq!(headers["x-forwarded-for"], "203.0.113.9");
    assert_eq!(headers["x-request-path"], "/api/tours");
    assert!(
        headers["traceparent"]
            .to_str()
            .is_ok_and(|value| value.starts_with("00-"))
    );
    let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    let expected = [
        "accept",
        "traceparent",
        "x-forwarded-for",
        "x-request-id",
        "x-request-path",
        "x-user-id",
        "x-user-role",
        "x-user-scope",
    ];
    assert_eq!(names, expected);
    assert_eq!(headers.len(), expected.len(), "no header twice");
}

#[tokio::test]
async fn on_a_public_route_nobody_has_an_identity() {
    let issuer = TestIssuer::new("k1");
    let mut request =
        Request::post("/auth/login").header(AUTHORIZATION, format!("Bearer {}", issuer.token()));
    for (name, value) in FORGED {
        request = request.header(*name, *value);
    }
    let headers = seen(&issuer, request).await.expect("passes");
    let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    let expected = [
        "traceparent",
        "x-forwarded-for",
        "x-request-id",
        "x-request-path",
    ];
    assert_eq!(names, expected);
}

/// Proves: edge-hop-by-hop
#[tokio::test]
async fn connection_cannot_strip_what_the_gateway_sets() {
    let issuer = TestIssuer::new("k1");
    let request = with_token(&issuer)
        .header(
            "connection",
            "close, x-user-id, X-User-Role, x-forwarded-for, authorization, x-hop",
        )
        .header("x-hop", "1")
        .header("x-end", "2");
    let headers = seen(&issuer, request).await.expect("passes");
    assert_eq!(headers["x-user-id"], ALICE);
    assert_eq!(headers["x-user-role"], "user");
    assert_eq!(headers["x-forwarded-for"], "203.0.113.9");
    assert_eq!(headers["x-end"], "2");
    assert!(!headers.contains_key("x-hop") && !headers.contains_key("connection"));
}

#[tokio::test]
async fn a_name_that_reads_as_an_identity_header_is_refused() {
    let issuer = TestIssuer::new("k1");
    for name in [
        "X_User_Id",
        "x-user_role",
        "x_user-scope",
        "x_request_id",
        "X_Forwarded_For",
        "x_client_cert",
    ] {
        for request in [with_token(&issuer), Request::post("/auth/login")] {
            let refused = seen(&issuer, request.header(name, "root")).await;
            assert_eq!(refused.expect_err(name), Code::AmbiguousHeader);
        }
    }
}

/// Proves: R1
#[tokio::test]
async fn only_basic_credentials_pass_and_only_where_the_table_says_so() {
    let issuer = TestIssuer::new("k1");
    for (path, credentials, passes) in [
        ("/oauth/token", "Basic YTpi", true),
        ("/oauth/token", "basic YTpi", true),
        ("/oauth/token", "Bearer x", false),
        ("/auth/login", "Basic YTpi", false),
    ] {
        let request = Request::post(path).header(AUTHORIZATION, credentials);
        let headers = seen(&issuer, request).await.expect("passes");
        assert_eq!(
            headers.contains_key(AUTHORIZATION),
            passes,
            "{path} {credentials}"
        );
    }
    let twice = Request::post("/oauth/token")
        .header(AUTHORIZATION, "Basic YTpi")
        .header(AUTHORIZATION, "Basic YTpj");
    assert!(
        !seen(&issuer, twice)
            .await
            .expect("passes")
            .contains_key(AUTHORIZATION)
    );
}
