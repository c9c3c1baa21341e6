//! One span a request, sent to a collector by OTLP where `OTEL_EXPORTER_OTLP_ENDPOINT` names one. Without it nothing of
//! this runs.
//!
//! A span is made from what the access log knows when a request ends, at the same place, and from the trace that the
//! request has carried from service to service all along ([`crate::context`]): its parent is the span of the caller.
//! It names the route's pattern, never the path, and holds no address, account, token or body: a collector is one more
//! place that would have to keep them (R20).
//!
//! Every trace is sent; which ones are kept is decided where whole traces are known, in the collector (tail sampling).

mod collector;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor,
};
use url::Url;
use uuid::Uuid;

use crate::context::RequestContext;
use collector::Collector;

/// For one delivery, with its repetitions.
const DELIVERY: Duration = Duration::from_secs(5);
/// At a stop, for what is not delivered yet. A collector that is away must not keep a service from stopping.
const LAST_DELIVERY: Duration = Duration::from_secs(2);
/// Spans that wait for their delivery; more are dropped, so that a collector that is away costs no memory.
const MOST_WAITING: usize = 4_096;

/// Where spans go; an extension of each request of a service that sends them. Clones share one queue.
#[derive(Clone)]
pub struct Traces(Arc<BatchSpanProcessor>);

/// A request that has ended.
#[derive(Debug)]
pub struct Ended<'a> {
    pub context: &'a RequestContext,
    /// Of the known methods, else `other`.
    pub method: &'a str,
    /// The route's pattern, or its name; never the path.
    pub route: &'a str,
    pub status: u16,
    /// The code of a refusal.
    pub reason: Option<&'a str>,
    pub took: Duration,
}

impl Traces {
    /// Begins to send the spans of this service to the collector at `endpoint`, whether it is there or not. Called
    /// within the service's runtime.
    ///
    /// # Errors
    /// When the exporter cannot be set up.
    pub fn start(service: &'static str, endpoint: &Url) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(endpoint)?)
            .with_endpoint(traces_of(endpoint))
            .with_timeout(DELIVERY)
            .build()?;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(MOST_WAITING)
            .build();
        let mut processor = BatchSpanProcessor::new(exporter, config);
        processor.set_resource(&resource(service));
        tracing::info!(%endpoint, "traces are sent");
        Ok(Self(Arc::new(processor)))
    }

    /// Takes the span of a request. It never waits: a queue that is full drops it.
    pub fn record(&self, request: &Ended<'_>) {
        if let Some(span) = span(request) {
            self.0.on_end(span);
        }
    }

    /// Delivers what waits, for as long as [`LAST_DELIVERY`], and sends nothing more.
    pub async fn close(self) {
        let closing =
            tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST_DELIVERY));
        if let Ok(Err(error)) = closing.await {
            tracing::warn!(%error, "the last traces were not delivered");
        }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traces")
    }
}

/// The endpoint's own path, if it has one, goes before that of the signal (OTLP specification, endpoint URLs).
fn traces_of(endpoint: &Url) -> String {
    format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'))
}

fn resource(service: &'static str) -> Resource {
    Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.namespace", "escale"),
            KeyValue::new("service.name", service),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            // Tells two gateways apart.
            KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
        ])
        .build()
}

/// `None` for a trace that its beginner does not want to be recorded.
fn span(request: &Ended<'_>) -> Option<SpanData> {
    let context = request.context;
    let flags = TraceFlags::new(u8::from_str_radix(&context.flags, 16).ok()?);
    if !flags.is_sampled() {
        return None;
    }
    let own = SpanContext::new(
        TraceId::from_hex(&context.trace_id).ok()?,
        SpanId::from_hex(&context.span_id).ok()?,
        flags,
        false,
        TraceState::NONE,
    );
    let parent = context.parent_id.as_deref();
    let end_time = SystemTime::now();
    Some(SpanData {
        span_context: own,
        parent_span_id: parent
            .and_then(|parent| SpanId::from_hex(parent).ok())
            .unwrap_or(SpanId::INVALID),
        parent_span_is_remote: parent.is_some(),
        span_kind: SpanKind::Server,
        name: format!("{} {}", request.method, request.route).into(),
        start_time: end_time - request.took,
        end_time,
        attributes: attributes(request),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        // A refusal is no fault of ours (semantic conventions for HTTP spans: status).
        status: match request.status {
            500.. => Status::error(""),
            _ => Status::Unset,
        },
        instrumentation_scope: InstrumentationScope::builder("escale").build(),
    })
}

/// Names of the semantic conventions for HTTP server spans, and the id that leads to the log.
fn attributes(request: &Ended<'_>) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new("http.request.method", request.method.to_owned()),
        KeyValue::new("http.route", request.route.to_owned()),
        KeyValue::new("http.response.status_code", i64::from(request.status)),
        KeyValue::new("escale.request_id", request.context.request_id.to_string()),
    ];
    let reason = request.reason;
    attributes.extend(reason.map(|reason| KeyValue::new("error.type", reason.to_owned())));
    attributes
}

#[cfg(test)]
mod tests;
