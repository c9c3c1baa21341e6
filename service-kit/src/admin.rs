//! The admin address: health, readiness and metrics in plain HTTP, on loopback unless a setting says otherwise.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::BoxFuture;
use http::StatusCode;
use serde_json::json;

use crate::lifecycle::Lifecycle;

/// Asked by `/ready`: can this service do its work now?
pub type ReadyCheck = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// A metric: what `/ready` would have said when it was read. A process that answers can still be unable to work.
const SERVICE_READY: &str = "service_ready";

#[derive(Clone)]
struct AdminState {
    service: &'static str,
    life: Lifecycle,
    ready: ReadyCheck,
}

impl AdminState {
    async fn is_ready(&self) -> bool {
        self.life.is_ready() && (self.ready)().await
    }
}

pub(crate) fn app(service: &'static str, life: Lifecycle, ready: ReadyCheck) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(readiness))
        .route("/metrics", get(metrics))
        .with_state(AdminState {
            service,
            life,
            ready,
        })
}

/// The process is alive.
async fn health(State(state): State<AdminState>) -> impl IntoResponse {
    Json(json!({ "status": "ok", "service": state.service }))
}

/// It can do its work: it listens, is not stopping, and what it cannot work without answers.
///
/// One that is stopping says 404: to a load balancer that is "send nothing new, let it finish" (HAProxy's
/// `http-check disable-on-404`), where 503 is "it has failed".
async fn readiness(State(state): State<AdminState>) -> impl IntoResponse {
    let ready = state.is_ready().await;
    let status = match ready {
        true => StatusCode::OK,
        false if state.life.is_stopping() => StatusCode::NOT_FOUND,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (
        status,
        Json(json!({ "ready": ready, "service": state.service })),
    )
}

/// Prometheus's text format.
async fn metrics(State(state): State<AdminState>) -> impl IntoResponse {
    let Some(metrics) = &state.life.metrics else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let ready = if state.is_ready().await { 1.0 } else { 0.0 };
    metrics::gauge!(SERVICE_READY).set(ready);
    metrics.render().into_response()
}
