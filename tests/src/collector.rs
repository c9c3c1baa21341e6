//! A small OTLP collector: it takes traces over HTTP, as protobuf, and keeps their spans.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::HeaderMap;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;

use crate::logs;

/// What came, with the service that sent it.
#[derive(Debug, Clone)]
pub struct Told {
    pub service: String,
    pub span: Span,
}

impl Told {
    /// Ids as `traceparent` writes them.
    pub fn id(&self) -> String {
        hexadecimal(&self.span.span_id)
    }

    pub fn parent(&self) -> String {
        hexadecimal(&self.span.parent_span_id)
    }

    pub fn trace(&self) -> String {
        hexadecimal(&self.span.trace_id)
    }

    pub fn attribute(&self, key: &str) -> String {
        text(&self.span.attributes, key)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<(Vec<Told>, Vec<u8>)>>);

#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    kept: Kept,
}

impl Collector {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let kept = Kept::default();
        let app = Router::new()
            .route("/v1/traces", post(take))
            .with_state(kept.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { address, kept }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn spans(&self) -> Vec<Told> {
        self.kept.0.lock().expect("no panic").0.clone()
    }

    /// Does this text stand anywhere in what came?
    pub fn heard(&self, text: &str) -> bool {
        let bytes = &self.kept.0.lock().expect("no panic").1;
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }
}

/// Every byte goes through the suite's watcher, as a log line would.
async fn take(State(kept): State<Kept>, headers: HeaderMap, body: Bytes) {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    logs::watcher().look_at(&String::from_utf8_lossy(&body));
    let request = ExportTraceServiceRequest::decode(body.clone()).expect("an export of traces");
    let mut kept = kept.0.lock().expect("no panic");
    kept.1.extend_from_slice(&body);
    for of_resource in request.resource_spans {
        let resource = of_resource.resource.unwrap_or_default();
        let service = text(&resource.attributes, "service.name");
        let spans = of_resource
            .scope_spans
            .into_iter()
            .flat_map(|scope| scope.spans);
        let told = spans.map(|span| Told {
            service: service.clone(),
            span,
        });
        kept.0.extend(told);
    }
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    let value = found.and_then(|attribute| attribute.value.clone());
    match value {
        Some(AnyValue {
            value: Some(Value::StringValue(text)),
        }) => text,
        Some(AnyValue {
            value: Some(Value::IntValue(number)),
        }) => number.to_string(),
        other => panic!("{key}: {other:?}"),
    }
}
