//! Turns a panic into an answer.
//!
//! - Threat: a request that makes a layer panic, and an answer that tells the panic's text or none at all (R19).
//! - Rule: a fixed 500; the text goes to the log.
//! - Answer when it refuses: 500 `internal`.
//! - Settings: none.
//! - Taught by no lab of its own; lab 14 (OWASP API8:2023, misconfiguration) shows what verbose errors give away.

use std::any::Any;

use axum::body::Body;
use http::Response;
use service_kit::stack::panicked;
use tower_http::catch_panic::CatchPanicLayer;

use super::security_headers::secure;

/// What makes an answer of a panic.
type Answer = fn(Box<dyn Any + Send>) -> Response<Body>;

pub fn catch_panic() -> CatchPanicLayer<Answer> {
    CatchPanicLayer::custom(answer)
}

/// The panic has also unwound `security_headers`, which is further in: its headers are set here.
fn answer(panic: Box<dyn Any + Send>) -> Response<Body> {
    let mut response = panicked(panic);
    secure(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::Request;
    use axum::routing::get;
    use service_kit::error::ApiError;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_fixed_500_with_its_text_for_the_log_alone() {
        async fn handler() -> String {
            panic!("the table users has no column x")
        }
        let app = Router::new().route("/", get(handler)).layer(catch_panic());
        let request = Request::get("/").body(Body::empty()).expect("a request");
        let response = app.oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 500);
        assert!(response.headers().contains_key("strict-transport-security"));
        let error = response.extensions().get::<ApiError>().expect("the cause");
        assert!(
            error
                .cause
                .as_deref()
                .is_some_and(|cause| cause.contains("no column x"))
        );
        let body = axum::body::to_bytes(response.into_body(), 1_000)
            .await
            .expect("a body");
        assert!(
            body.is_empty(),
            "render_errors writes the body, from the code alone"
        );
    }
}
