//! What a line says, and what it never does.

use axum::Router;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use service_kit::error::Code;
use tower::ServiceExt;

use super::*;
use crate::test_log::LogCapture;

fn get_with_agent(path: &str, agent: &str) -> Request {
    let mut request = Request::get(path).body(Body::empty()).expect("a request");
    request
        .headers_mut()
        .insert(USER_AGENT, agent.parse().expect("a header value"));
    request
        .extensions_mut()
        .insert(ClientAddress([203, 0, 113, 9].into()));
    request
}

/// Proves: R15, L11
#[tokio::test]
async fn a_refusal_has_its_line_with_reason_and_cause_and_without_the_query() {
    let (log, _guard) = LogCapture::start();
    let refuse =
        |_: Request, _: Next| async { ApiError::new(Code::TokenExpired).because("42 seconds ago") };
    let app = Router::new()
        .route("/api", get(|| async {}))
        .layer(from_fn(refuse))
        .layer(from_fn(access_log));
    app.oneshot(get_with_agent("/api?access_token=s3cret", "curl\t1"))
        .await
        .expect("an answer");
    let line = log.text();
    for part in [
        "client=203.0.113.9",
        "user=\"anonymous\"",
        "method=\"GET\"",
        "path=\"/api\"",
        "status=401",
        "length=0",
        "reason=\"token_expired\"",
        "cause=\"42 seconds ago\"",
        r#"agent="curl\\t1""#,
    ] {
        assert!(line.contains(part), "{part}\n{line}");
    }
    assert!(!line.contains("s3cret"), "{line}");
}

#[tokio::test]
async fn a_client_that_goes_away_has_its_line() {
    let (log, _guard) = LogCapture::start();
    let app = Router::new()
        .route("/slow", get(std::future::pending::<()>))
        .layer(from_fn(access_log));
    let request = get_with_agent("/slow", "x");
    let _ = tokio::time::timeout(std::time::Duration::ZERO, app.oneshot(request)).await;
    assert!(log.text().contains("status=499"), "{}", log.text());
}
