//! What every request to a service behind the gateway goes through. The gateway has a stack of its own.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutBody;

use crate::access_log::log_requests;
use crate::aside::tell_gateway;
use crate::config::ServerConfig;
use crate::context::take_context;
use crate::deadline::keep_deadline;
use crate::error::render::render_errors;
use crate::error::{ApiError, Code};

/// The largest body that a service reads: ten times the largest that the platform's own schemas allow.
const LARGEST_BODY: usize = 64 * 1024;

/// Puts the common layers around a service's routes; the first line is the outermost.
pub fn service_stack(routes: Router, config: &ServerConfig) -> Router {
    let pause = config.body_timeout;
    routes
        .fallback(|| async { ApiError::new(Code::RouteNotFound) })
        .method_not_allowed_fallback(|| async { ApiError::new(Code::MethodNotAllowed) })
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(take_context))
                // Outside of everything that refuses, so that each refusal has its line.
                .layer(from_fn(log_requests))
                // Outside of render_errors, which makes a refusal of what axum's own extractors answer.
                .layer(from_fn(tell_gateway))
                .layer(from_fn(render_errors))
                // Inside render_errors: a panic gets the same fixed body as any other failure (R19).
                .layer(CatchPanicLayer::custom(panicked))
                // Outside of the body's limits: a slow sender is their 408, and its time is not the service's.
                .layer(from_fn(keep_deadline))
                .layer(from_fn(move |request, next| {
                    limit_body(pause, request, next)
                })),
        )
}

/// A body that is too long (413), or whose sender pauses too long (408), fails where it is read.
async fn limit_body(pause: Duration, request: Request, next: Next) -> Response {
    let limit = |body| Body::new(TimeoutBody::new(pause, Limited::new(body, LARGEST_BODY)));
    next.run(request.map(limit)).await
}

/// What a panic answers. The panic's own text goes to the log by the panic hook and the `cause`.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    ApiError::internal(format_args!("panic: {}", text.unwrap_or("without a text"))).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::routing::post;
    use http::Request as Call;
    use tower::ServiceExt;

    use super::*;
    use crate::config::Settings;
    use crate::form::read_body;

    async fn panics() -> Response {
        panic!("a secret of the code")
    }

    async fn swallow(request: Request) -> Result<Bytes, ApiError> {
        read_body(request, &()).await
    }

    fn app(body_seconds: &str) -> Router {
        let settings = Settings::from_pairs([("HTTP_BODY_SECONDS", body_seconds)]);
        let config = settings
            .load(|settings| ServerConfig::read(settings, 1))
            .expect("defaults");
        let routes = Router::new()
            .route("/", post(swallow))
            .route("/panic", post(panics));
        service_stack(routes, &config)
    }

    async fn status_and_body(app: Router, path: &str, body: Body) -> (u16, String) {
        let request = Call::post(path).body(body).expect("a request");
        let response = app.oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_limit_and_refused_beyond_it() {
        let fits = Body::from(vec![b'x'; LARGEST_BODY]);
        assert_eq!(status_and_body(app("10"), "/", fits).await.0, 200);
        let pieces = (0..65).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1024]));
        let longer = Body::from_stream(futures_util::stream::iter(pieces));
        let (status, body) = status_and_body(app("10"), "/", longer).await;
        assert_eq!(
            (status, body.contains("body_too_large")),
            (413, true),
            "{body}"
        );
    }

    #[tokio::test]
    async fn a_body_that_never_comes_is_given_up() {
        let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let (status, body) = status_and_body(app("1"), "/", Body::from_stream(never)).await;
        assert_eq!(
            (status, body.contains("request_timeout")),
            (408, true),
            "{body}"
        );
    }

    /// Proves: R19, edge-responses
    #[tokio::test]
    async fn a_panic_and_an_unknown_route_get_the_common_body_and_tell_nothing() {
        let (status, body) = status_and_body(app("1"), "/panic", Body::empty()).await;
        assert_eq!((status, body.contains("secret")), (500, false), "{body}");
        assert!(body.contains(r#""success":false"#), "{body}");
        assert_eq!(
            status_and_body(app("1"), "/nothing", Body::empty()).await.0,
            404
        );
    }
}
