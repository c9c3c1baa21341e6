//! The middleware of the services behind the gateway: ends what nobody waits for any more.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;

use super::Awaited;
use crate::context::RequestContext;
use crate::error::{ApiError, Code};

/// Answers 504 once the caller's deadline has passed; the handler is dropped, as it is when a caller hangs up.
pub async fn keep_deadline(request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>();
    let Some(deadline) = context.and_then(|context| context.deadline.clone()) else {
        return next.run(request).await;
    };
    let awaited = |body: Body| {
        if body.is_end_stream() {
            return body;
        }
        Body::new(Awaited::new(body, deadline.clone()))
    };
    let request = request.map(awaited);
    match deadline.limit(next.run(request)).await {
        Ok(response) => response,
        Err(passed) => ApiError::new(Code::UpstreamTimeout)
            .because(passed)
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use axum::Router;
    use axum::body::Bytes;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use futures_util::{FutureExt, StreamExt, stream};
    use http::Request as Call;
    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
    use tower::ServiceExt;

    use super::*;
    use crate::context::take_context;
    use crate::deadline::{Deadline, REQUEST_DEADLINE};

    /// Reads the whole body, and then never answers when the body says so.
    async fn work(body: Bytes) {
        if body.ends_with(b"for ever") {
            std::future::pending::<()>().await;
        }
    }

    async fn status(millis: &str, body: Body) -> u16 {
        let app = Router::new()
            .route("/", post(work))
            .layer(from_fn(keep_deadline))
            .layer(from_fn(take_context));
        let call = Call::post("/").header(REQUEST_DEADLINE, millis);
        let response = app.oneshot(call.body(body).expect("a request")).await;
        response.expect("infallible").status().as_u16()
    }

    #[tokio::test]
    async fn a_service_stops_at_its_callers_deadline() {
        assert_eq!(status("50", Body::from("for ever")).await, 504);
        assert_eq!(status("60000", Body::from("a moment")).await, 200);
    }

    fn slow_upload() -> (UnboundedSender<&'static str>, Body) {
        let (pieces, mut coming) = unbounded_channel();
        let body = stream::poll_fn(move |cx| coming.poll_recv(cx));
        (pieces, Body::from_stream(body.map(Ok::<_, io::Error>)))
    }

    #[tokio::test]
    async fn the_time_of_a_slow_upload_is_not_the_services() {
        for (last, answers) in [("the end", true), ("for ever", false)] {
            let deadline = Deadline::within(Duration::from_secs(60));
            let stands_still = || deadline.hands().held.is_some();
            let mut context = RequestContext::begin();
            context.deadline = Some(deadline.clone());
            let (pieces, body) = slow_upload();
            let call = Call::post("/").extension(context).body(body);
            let app = Router::new().route("/", post(work));
            let app = app.layer(from_fn(keep_deadline));
            let mut answer = Box::pin(app.oneshot(call.expect("a request")));
            for piece in ["a", last] {
                assert!(answer.as_mut().now_or_never().is_none());
                assert!(stands_still(), "the client is waited for");
                pieces.send(piece).expect("it is read");
            }
            drop(pieces);
            let answered = answer.as_mut().now_or_never().is_some();
            assert_eq!(answered, answers, "{last}");
            assert!(!stands_still(), "{last}: the service is waited for");
        }
    }
}
