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
use crate::config::ServerConfig;
use crate::context::take_context;
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
                .layer(from_fn(render_errors))
                // Inside render_errors: a panic gets the same fixed body as any other failure (R19).
                .layer(CatchPanicLayer::custom(panicked))
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
