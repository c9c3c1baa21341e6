//! One line a request (L11) of the services behind the gateway; a refusal's cause is written here and nowhere else.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::header::CONTENT_LENGTH;
use http::{Method, StatusCode};

use crate::context::RequestContext;
use crate::error::{ApiError, LoggedReason};
use crate::peer::Connection;
use crate::principal::USER_ID;
use crate::traces::{Ended, Traces};

/// The middleware. The path is logged without its query: a query may hold what people type.
pub async fn log_requests(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let context = request.extensions().get::<RequestContext>().cloned();
    let peer = request
        .extensions()
        .get::<Connection>()
        .and_then(|connection| connection.peer.clone());
    let user = request
        .headers()
        .get(USER_ID)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("-")
        .to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let traces = request.extensions().get::<Traces>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    count(&method, route, response.status(), begun.elapsed());

    let error = response.extensions().get::<ApiError>();
    let other = response.extensions().get::<LoggedReason>();
    let reason = error
        .map(|error| error.code.as_str())
        .or(other.map(|other| other.code));
    if let (Some(traces), Some(context)) = (traces, &context) {
        traces.record(&Ended {
            context,
            // The caller is a service of ours: its methods are few.
            method: method.as_str(),
            route,
            status: response.status().as_u16(),
            reason,
            took: begun.elapsed(),
        });
    }
    let length = response
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("-");
    tracing::info!(
        target: "access",
        request_id = context.as_ref().map(|context| tracing::field::display(context.request_id)),
        trace_id = context.as_ref().map(|context| context.trace_id.as_str()),
        caller = peer.as_ref().map_or("-", |peer| peer.service()),
        user,
        %method,
        path,
        status = response.status().as_u16(),
        length,
        ms = begun.elapsed().as_millis() as u64,
        reason,
        cause = error.and_then(|error| error.cause.as_deref()).or(other.map(|other| other.cause.as_str())),
    );
    response
}

/// Rate, errors, duration by route. The route is a pattern of ours, never the caller's path: labels stay few.
fn count(method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
    let labels = [
        ("method", method.to_string()),
        ("route", route.to_owned()),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(elapsed.as_secs_f64());
}
