//! Sets what tells a browser to be careful, and takes away what tells an attacker whom he talks to (R17).
//!
//! - Threat: a downgrade to plain HTTP, an answer taken for a page or kept in a shared cache, fingerprinting.
//! - Rule: HSTS (RFC 6797) for two years, `nosniff`, `no-referrer`; `Cache-Control: no-store` and a
//!   `Content-Security-Policy` that allows nothing, unless the service has its own; no `Server`, no `X-Powered-By`.
//! - Answer when it refuses: it never refuses.
//! - Settings: none.
//! - Taught by lab 07 (HTTPS).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, SERVER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

const POWERED_BY: HeaderName = HeaderName::from_static("x-powered-by");

pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    secure(response.headers_mut());
    response
}

/// The headers of every answer; [`super::catch_panic`] uses it too.
pub fn secure(headers: &mut HeaderMap) {
    headers.remove(SERVER);
    headers.remove(POWERED_BY);
    // Once for these and for what the outer layers add: a map that grows step by step is built anew at each.
    headers.reserve(8);
    for (name, value) in [
        (
            STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn headers_of(path: &str) -> HeaderMap {
        let talkative = || async {
            (
                [
                    ("server", "nginx/1.2"),
                    ("x-powered-by", "PHP"),
                    ("cache-control", "max-age=5"),
                ],
                "",
            )
        };
        let app = Router::new()
            .route("/", get(talkative))
            .layer(from_fn(security_headers));
        let request = Request::get(path).body(Body::empty()).expect("a request");
        app.oneshot(request)
            .await
            .expect("an answer")
            .headers()
            .clone()
    }

    /// Proves: R17, edge-responses
    #[tokio::test]
    async fn every_answer_carries_them_refusals_too() {
        for path in ["/", "/unknown"] {
            let headers = headers_of(path).await;
            assert_eq!(
                headers["strict-transport-security"],
                "max-age=63072000; includeSubDomains"
            );
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert_eq!(
                headers["content-security-policy"],
                "default-src 'none'; frame-ancestors 'none'"
            );
            assert!(!headers.contains_key("server") && !headers.contains_key("x-powered-by"));
        }
    }

    /// Proves: R17, edge-responses
    #[tokio::test]
    async fn nothing_is_stored_unless_the_service_says_so() {
        assert_eq!(headers_of("/").await["cache-control"], "max-age=5");
        assert_eq!(headers_of("/unknown").await["cache-control"], "no-store");
    }
}
