//! Gives every request an id and a place in a trace.
//!
//! - Threat: an id chosen by the client, with which log lines are mixed up or forged.
//! - Rule: a new UUID, always. The client's `traceparent` is joined where it is valid (W3C Trace Context), else a new
//!   trace begins; the gateway's span is its own either way.
//! - Answer when it refuses: it never refuses. Every answer carries `X-Request-Id`.
//! - Settings: none.
//! - Taught by lab 16 (one trace).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use service_kit::context::{REQUEST_ID, RequestContext};

pub async fn request_id(mut request: Request, next: Next) -> Response {
    let context = RequestContext::at_the_edge(request.headers());
    let mut buffer = uuid::Uuid::encode_buffer();
    let text = context.request_id.hyphenated().encode_lower(&mut buffer);
    let id = HeaderValue::from_str(text).expect("hexadecimal digits and dashes");
    request.extensions_mut().insert(context);
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn the_id_is_the_gateways_and_the_trace_may_be_the_clients() {
        let echo = |context: RequestContext| async move { context.trace_id };
        let app = Router::new()
            .route("/", get(echo))
            .layer(from_fn(request_id));
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let request = Request::get("/")
            .header("x-request-id", "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10")
            .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
            .body(Body::empty());
        let response = app
            .oneshot(request.expect("a request"))
            .await
            .expect("an answer");
        let ids: Vec<_> = response.headers().get_all("x-request-id").iter().collect();
        assert_eq!(ids.len(), 1);
        assert_ne!(ids[0], "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10");
        let body = axum::body::to_bytes(response.into_body(), 1_000)
            .await
            .expect("a body");
        assert_eq!(body, trace);
    }
}
