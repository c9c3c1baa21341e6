use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use axum::routing::get;
use tower::ServiceExt;
use uuid::uuid;

use super::*;
use crate::error::Code;
use crate::error::render::render_errors;
use crate::peer::Connection;
use crate::spiffe::SpiffeId;

const ALICE: Uuid = uuid!("7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10");

async fn guess() -> (axum::Extension<Subject>, ApiError) {
    (
        axum::Extension(Subject(ALICE)),
        ApiError::new(Code::CredentialsInvalid),
    )
}

/// The headers of a service's answer to this caller.
async fn answer(caller: Option<&str>, path: &str) -> HeaderMap {
    let oauth = || async {
        let (code, cause) = ("invalid_client", "client app: wrong secret".to_owned());
        axum::Extension(LoggedReason { code, cause })
    };
    let app = Router::new()
        .route("/fine", get(|| async {}))
        .route("/refused", get(|| async { ApiError::new(Code::SoldOut) }))
        .route("/oauth", get(oauth))
        .route("/login", get(|| async { axum::Extension(Subject(ALICE)) }))
        .route("/guess", get(guess))
        .layer(from_fn(render_errors))
        .layer(from_fn(tell_gateway));
    let mut request = Request::get(path).body(Body::empty()).expect("a request");
    request.extensions_mut().insert(Connection {
        remote: ([127, 0, 0, 1], 1).into(),
        peer: caller.map(SpiffeId::of),
    });
    let response = app.oneshot(request).await.expect("an answer");
    response.headers().clone()
}

#[tokio::test]
async fn the_gateway_alone_is_told_why_a_service_refused() {
    for (caller, path, code) in [
        (Some("gateway"), "/refused", Some("sold_out")),
        (Some("gateway"), "/nowhere", Some("route_not_found")),
        (Some("gateway"), "/oauth", Some("invalid_client")),
        (Some("gateway"), "/fine", None),
        (Some("payment"), "/refused", None),
        (None, "/refused", None),
    ] {
        let mut headers = answer(caller, path).await;
        let told = Aside::take_from(&mut headers).code;
        assert_eq!(told.as_deref(), code, "{caller:?} {path}");
    }
}

#[tokio::test]
async fn the_gateway_alone_is_told_whose_account_an_answer_is_about() {
    for (caller, path, subject) in [
        (Some("gateway"), "/login", Some(ALICE)),
        (Some("gateway"), "/guess", Some(ALICE)),
        (Some("gateway"), "/fine", None),
        (Some("payment"), "/login", None),
        (None, "/guess", None),
    ] {
        let mut headers = answer(caller, path).await;
        let told = Aside::take_from(&mut headers).subject;
        assert_eq!(told, subject, "{caller:?} {path}");
        assert!(!headers.contains_key(SUBJECT));
    }
}

#[test]
fn what_no_service_of_ours_would_send_is_taken_off_and_counts_as_none() {
    let long = "a".repeat(LONGEST_CODE + 1);
    for (name, values) in [
        (PROBLEM_CODE, &["Sold_out"][..]),
        (PROBLEM_CODE, &["sold-out"]),
        (PROBLEM_CODE, &["sold out"]),
        (PROBLEM_CODE, &[""]),
        (PROBLEM_CODE, &[&long]),
        (PROBLEM_CODE, &["sold_out", "sold_out"]),
        (SUBJECT, &["alice"]),
        (SUBJECT, &["alice@example.org"]),
        (SUBJECT, &[""]),
        (SUBJECT, &[&ALICE.to_string(), &ALICE.to_string()]),
    ] {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = value.parse().expect("a header value");
            headers.append(&name, value);
        }
        assert_eq!(
            Aside::take_from(&mut headers),
            Aside::default(),
            "{values:?}"
        );
        assert!(headers.is_empty(), "{headers:?}");
    }
    let mut headers = HeaderMap::new();
    let bytes = HeaderValue::from_bytes(b"sold\xff").expect("a header value");
    headers.insert(PROBLEM_CODE, bytes);
    assert_eq!(Aside::take_from(&mut headers), Aside::default());
}
