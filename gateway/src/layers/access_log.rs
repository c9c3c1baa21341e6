//! One line a request (L11), whatever became of it; and one span, where a collector of traces is named.
//!
//! - Threat: an attack that leaves no line because the layer that refused it was outside of the log; a line that is
//!   forged by control characters in what the client sent; secrets in logs (R20).
//! - Rule: client address, user or `anonymous`, method, path without its query, status, length, time, route, reason
//!   of a refusal and its cause. What the client chose is cut short and its control characters are escaped. A client
//!   that goes away before its answer has a line too, with status 499.
//! - Answer when it refuses: it never refuses.
//! - Settings: `LOG_FORMAT`, `LOG_LEVEL` (target `access`), `OTEL_EXPORTER_OTLP_ENDPOINT`.
//! - Taught by lab 06 (audit).

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::USER_AGENT;
use http::{Method, StatusCode};
use http_body::Body as _;
use metrics::Label;
use service_kit::aside::Aside;
use service_kit::context::RequestContext;
use service_kit::error::ApiError;
use service_kit::tame::tame;
use service_kit::traces::{Ended, Traces};

use crate::client_address::ClientAddress;
use crate::metrics::{HTTP_REQUEST_SECONDS, HTTP_REQUESTS};
use crate::route_table::Route;
use crate::tokens::Verified;

const LONGEST_AGENT: usize = 200;
const LONGEST_PATH: usize = 500;
/// nginx's status for a client that closed its connection; it is written to the log and never sent.
const CLIENT_GONE: u16 = 499;

/// What inner layers find out for the line: a cell of the request, so that it survives a refusal and a panic.
#[derive(Debug, Clone, Default)]
pub struct Noted(Arc<Cells>);

#[derive(Debug, Default)]
struct Cells {
    route: OnceLock<Arc<Route>>,
    caller: OnceLock<Arc<Verified>>,
}

impl Noted {
    pub fn route(request: &Request, route: &Arc<Route>) {
        if let Some(noted) = request.extensions().get::<Self>() {
            // Set once: the first layer that knows is the one that decides.
            let _ = noted.0.route.set(Arc::clone(route));
        }
    }

    pub fn caller(request: &Request, caller: &Arc<Verified>) {
        if let Some(noted) = request.extensions().get::<Self>() {
            let _ = noted.0.caller.set(Arc::clone(caller));
        }
    }

    /// The verified caller's id, once a layer has found it out.
    pub fn user(&self) -> Option<&str> {
        self.0.caller.get()?.subject.to_str().ok()
    }
}

pub async fn access_log(mut request: Request, next: Next) -> Response {
    let line = Line::begin(&mut request);
    let response = next.run(request).await;
    line.end(&response);
    response
}

/// A line that is written when it is dropped: the server drops a request whose client has gone.
struct Line {
    begun: Instant,
    client: Option<IpAddr>,
    method: Method,
    path: String,
    agent: Option<String>,
    context: Option<RequestContext>,
    traces: Option<Traces>,
    noted: Noted,
    outcome: Option<Outcome>,
}

struct Outcome {
    status: StatusCode,
    length: Option<u64>,
    error: Option<ApiError>,
    aside: Option<Aside>,
}

impl Outcome {
    /// The code of a refusal: of the gateway's own, or of the service's.
    fn reason(&self) -> Option<&str> {
        let own = self.error.as_ref().map(|error| error.code.as_str());
        own.or_else(|| self.aside.as_ref()?.code.as_deref())
    }

    /// The account that a service says the answer is about: on a route without a token.
    fn subject(&self) -> Option<String> {
        let subject = self.aside.as_ref()?.subject?;
        Some(subject.to_string())
    }
}

impl Line {
    fn begin(request: &mut Request) -> Self {
        let noted = Noted::default();
        request.extensions_mut().insert(noted.clone());
        let client = request.extensions().get::<ClientAddress>();
        let agent = request.headers().get(USER_AGENT);
        Self {
            begun: Instant::now(),
            client: client.map(|ClientAddress(address)| *address),
            method: request.method().clone(),
            path: tame(request.uri().path(), LONGEST_PATH),
            agent: agent
                .map(|agent| tame(&String::from_utf8_lossy(agent.as_bytes()), LONGEST_AGENT)),
            context: request.extensions().get().cloned(),
            traces: request.extensions().get().cloned(),
            noted,
            outcome: None,
        }
    }

    fn end(mut self, response: &Response<Body>) {
        self.outcome = Some(Outcome {
            status: response.status(),
            length: response.body().size_hint().exact(),
            error: response.extensions().get().cloned(),
            aside: response.extensions().get().cloned(),
        });
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        let outcome = self.outcome.as_ref();
        let error = outcome.and_then(|outcome| outcome.error.as_ref());
        let reason = outcome.and_then(Outcome::reason);
        let status = outcome.map_or(CLIENT_GONE, |outcome| outcome.status.as_u16());
        let route = self.noted.0.route.get().map_or("-", |route| &*route.name);
        let caller = self.noted.0.caller.get();
        let told = match caller {
            Some(_) => None,
            None => outcome.and_then(Outcome::subject),
        };
        let user = caller
            .and_then(|caller| caller.subject.to_str().ok())
            .or(told.as_deref())
            .unwrap_or("anonymous");
        tracing::info!(
            target: "access",
            client = self.client.map(tracing::field::display),
            user,
            method = self.method.as_str(),
            path = self.path,
            status,
            length = outcome.and_then(|outcome| outcome.length),
            ms = elapsed.as_micros() as f64 / 1_000.0,
            route,
            reason,
            cause = error.and_then(|error| error.cause.as_deref()),
            request_id = self.context.as_ref().map(|context| tracing::field::display(context.request_id)),
            trace_id = self.context.as_ref().map(|context| context.trace_id.as_str()),
            agent = self.agent.as_deref(),
        );
        let method = known(&self.method);
        count(method, route, status, elapsed.as_secs_f64());
        if let (Some(traces), Some(context)) = (&self.traces, &self.context) {
            traces.record(&Ended {
                context,
                method,
                route,
                status,
                reason,
                took: elapsed,
            });
        }
    }
}

/// A client may make methods up.
fn known(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    if known.contains(method) {
        method.as_str()
    } else {
        "other"
    }
}

/// Rate, errors, duration by route. Labels are of our own lists, so they stay few whatever clients send.
fn count(method: &str, route: &str, status: u16, seconds: f64) {
    let labels = vec![
        Label::new("method", method.to_owned()),
        Label::new("route", route.to_owned()),
        Label::new("status", status.to_string()),
    ];
    metrics::counter!(HTTP_REQUESTS, labels.clone()).increment(1);
    metrics::histogram!(HTTP_REQUEST_SECONDS, labels).record(seconds);
}

#[cfg(test)]
mod tests;
