//! Which credentials pass, and what each refusal says to the client.

use std::time::Duration;

use axum::body::Body;
use axum::http::request::Builder;
use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use tower::ServiceExt;

use super::*;
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_issuer::{ALICE, TestIssuer};

fn app(tokens: Tokens) -> Router {
    let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
    let who = |caller: Option<Extension<Caller>>| async move {
        caller.map_or("nobody".to_owned(), |Extension(Caller(who))| {
            format!("{:?}", who.subject)
        })
    };
    Router::new()
        .fallback(who)
        .layer(from_fn_with_state(Verifiers::of(tokens), authenticate))
        .layer(from_fn_with_state(table, route))
}

async fn send(tokens: &Tokens, request: Builder) -> Response {
    let request = request.body(Body::empty()).expect("a request");
    app(tokens.clone())
        .oneshot(request)
        .await
        .expect("an answer")
}

#[track_caller]
fn assert_refused(response: &Response, code: Code, challenge: &str) {
    let error = response.extensions().get::<ApiError>().expect("a refusal");
    assert_eq!((error.code, response.status()), (code, code.status()));
    let given = response
        .headers()
        .get(WWW_AUTHENTICATE)
        .map(|value| value.to_str().expect("text"));
    assert_eq!(given.unwrap_or_default(), challenge);
}

#[tokio::test]
async fn the_bearer_of_a_good_token_passes_whatever_the_case_of_the_scheme() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
        let header = format!("{scheme} {}", issuer.token());
        let response = send(
            &tokens,
            Request::get("/api/tours").header(AUTHORIZATION, header),
        )
        .await;
        assert_eq!(response.status(), 200, "{scheme}");
        let body = axum::body::to_bytes(response.into_body(), 100)
            .await
            .expect("a body");
        assert_eq!(body, format!("{ALICE:?}"));
    }
}

#[tokio::test]
async fn without_credentials_the_challenge_names_no_error() {
    let (tokens, _life) = TestIssuer::new("k1").tokens();
    let get = || Request::get("/api/tours");
    assert_refused(
        &send(&tokens, get()).await,
        Code::AuthorizationMissing,
        BARE,
    );
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Digest x",
        "BearerX y",
    ] {
        let response = send(&tokens, get().header(AUTHORIZATION, header)).await;
        assert_refused(&response, Code::TokenMissing, BARE);
    }
    let in_the_url = Request::get("/api/tours?access_token=x");
    assert_refused(
        &send(&tokens, in_the_url).await,
        Code::AuthorizationMissing,
        BARE,
    );
}

#[tokio::test]
async fn an_expired_token_and_a_bad_one_are_told_apart() {
    let issuer = TestIssuer::new("k1");
    let (tokens, life) = issuer.tokens();
    let get =
        |token: &str| Request::get("/api/tours").header(AUTHORIZATION, format!("Bearer {token}"));
    let bad = r#"Bearer realm="escale", error="invalid_token", error_description="The access token is invalid""#;
    for token in [
        "x",
        "a.b.c",
        "x y",
        &format!("{}, {}", issuer.token(), issuer.token()),
    ] {
        assert_refused(&send(&tokens, get(token)).await, Code::TokenInvalid, bad);
    }
    let not_ascii = Request::get("/api/tours").header(AUTHORIZATION, b"Bearer \xff".as_slice());
    assert_refused(&send(&tokens, not_ascii).await, Code::TokenInvalid, bad);
    let token = issuer.token();
    life.clock.advance(Duration::from_secs(900));
    let expired = r#"Bearer realm="escale", error="invalid_token", error_description="The access token expired""#;
    assert_refused(
        &send(&tokens, get(&token)).await,
        Code::TokenExpired,
        expired,
    );
}

#[tokio::test]
async fn a_token_in_two_places_is_refused() {
    let issuer = TestIssuer::new("k1");
    let (tokens, _life) = issuer.tokens();
    let header = format!("Bearer {}", issuer.token());
    let challenge = r#"Bearer realm="escale", error="invalid_request""#;
    for query in [
        "access_token=x",
        "jwt=",
        "a=b&token=x",
        "access%5Ftoken=x",
        "Access_Token=x",
        "jwt",
        "api_key=x",
        "X-API-Key=x",
    ] {
        let request = Request::get(format!("/api/tours?{query}")).header(AUTHORIZATION, &header);
        assert_refused(
            &send(&tokens, request).await,
            Code::AmbiguousHeader,
            challenge,
        );
    }
    let twice = Request::get("/api/tours")
        .header(AUTHORIZATION, &header)
        .header(AUTHORIZATION, &header);
    assert_refused(
        &send(&tokens, twice).await,
        Code::AmbiguousHeader,
        challenge,
    );
}

#[tokio::test]
async fn every_route_that_is_not_public_wants_a_token_and_a_public_one_reads_none() {
    let (tokens, _life) = TestIssuer::new("k1").tokens();
    for (method, path, status) in [
        ("GET", "/health", 200),
        ("POST", "/auth/login", 200),
        ("GET", "/auth/me", 401),
        ("GET", "/api/tours/search", 401),
        ("HEAD", "/api/tours/7", 401),
        ("DELETE", "/api/tours/7", 401),
        ("POST", "/api/bookings", 401),
        ("POST", "/api/payments", 401),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, "Bearer forged");
        assert_eq!(
            send(&tokens, request).await.status(),
            status,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_stack_without_a_route_layer_lets_nothing_pass() {
    let (tokens, _life) = TestIssuer::new("k1").tokens();
    let app = Router::new()
        .fallback(|| async {})
        .layer(from_fn_with_state(Verifiers::of(tokens), authenticate));
    let request = Request::get("/api/tours")
        .body(Body::empty())
        .expect("a request");
    assert_eq!(app.oneshot(request).await.expect("an answer").status(), 500);
}
