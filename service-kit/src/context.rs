//! What identifies a request on its way through the services: its id, and its place in a distributed trace
//! (W3C Trace Context).

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::{Builder, Uuid};

use crate::deadline::Deadline;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// From the gateway to a service: the path that the client asked for, canonical and without its query.
pub const REQUEST_PATH: HeaderName = HeaderName::from_static("x-request-path");
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Carried in the request's extensions and, by [`crate::client::PeerClient`], to the next service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestContext {
    pub request_id: Uuid,
    /// 32 lower-case hexadecimal digits, the same in all services.
    pub trace_id: String,
    /// 16 lower-case hexadecimal digits, this service's own part of the trace.
    pub span_id: String,
    /// The same of the caller, where it has told one.
    pub parent_id: Option<String>,
    /// The trace flags: `01` when the trace is recorded.
    pub flags: String,
    /// Until when the caller waits, where it has said so.
    pub deadline: Option<Deadline>,
}

impl RequestContext {
    /// A new request, and a new trace: at the edge, or at the start of a background job.
    pub fn begin() -> Self {
        // One draw for all three: `Uuid::new_v4` would ask the system three times a request.
        let [id, trace, span] = random();
        Self {
            request_id: Builder::from_random_bytes(id).into_uuid(),
            trace_id: format!("{:032x}", u128::from_be_bytes(trace)),
            span_id: format!("{:032x}", u128::from_be_bytes(span))[16..].to_owned(),
            parent_id: None,
            flags: "01".to_owned(),
            deadline: None,
        }
    }

    /// At the edge: a new request id always (the client's is not believed), the client's trace where it is valid.
    pub fn at_the_edge(headers: &HeaderMap) -> Self {
        let mut context = Self::begin();
        context.join_trace(headers);
        context
    }

    /// Inside: the caller is a service of ours, its request id goes on.
    pub fn inside(headers: &HeaderMap) -> Self {
        let mut context = Self::at_the_edge(headers);
        let given = headers
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        if let Some(request_id) = given.and_then(|text| Uuid::try_parse(text).ok()) {
            context.request_id = request_id;
        }
        context.deadline = Deadline::of(headers);
        context
    }

    /// For work that goes on when the caller has had its answer: it has time of its own.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        Self {
            deadline: None,
            ..self
        }
    }

    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-{}", self.trace_id, self.span_id, self.flags)
    }

    /// Sets both headers on a request to another service.
    pub fn write_to(&self, headers: &mut HeaderMap) {
        for (name, value) in [
            (REQUEST_ID, self.request_id.to_string()),
            (TRACEPARENT, self.traceparent()),
        ] {
            headers.insert(
                name,
                HeaderValue::try_from(value).expect("hexadecimal digits and dashes"),
            );
        }
    }

    /// W3C Trace Context section 3.2: version, trace id, parent id, flags; a doubtful one is dropped whole.
    fn join_trace(&mut self, headers: &HeaderMap) {
        let Some(text) = headers
            .get(TRACEPARENT)
            .and_then(|value| value.to_str().ok())
        else {
            return;
        };
        let parts: Vec<&str> = text.split('-').collect();
        let hex = |part: &str, length: usize| {
            part.len() == length
                && part
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        if let [version, trace_id, parent_id, flags] = parts[..]
            && hex(version, 2)
            && version != "ff"
            && hex(trace_id, 32)
            && hex(parent_id, 16)
            && hex(flags, 2)
            && trace_id.bytes().any(|byte| byte != b'0')
            && parent_id.bytes().any(|byte| byte != b'0')
        {
            self.trace_id = trace_id.to_owned();
            self.parent_id = Some(parent_id.to_owned());
            self.flags = flags.to_owned();
        }
    }
}

/// Unpredictable (R16): a request id is shown to the client, and shall tell nothing of the others.
fn random() -> [[u8; 16]; 3] {
    let mut bytes = [[0; 16]; 3];
    aws_lc_rs::rand::fill(bytes.as_flattened_mut()).expect("the system gives random bytes");
    bytes
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get()
            .cloned()
            .unwrap_or_else(|| Self::inside(&parts.headers)))
    }
}

/// The middleware of the services behind the gateway: takes the context that the caller sent.
pub async fn take_context(mut request: Request, next: Next) -> Response {
    let context = RequestContext::inside(request.headers());
    request.extensions_mut().insert(context);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(traceparent: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, traceparent.parse().expect("a header value"));
        headers.insert(
            REQUEST_ID,
            "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"
                .parse()
                .expect("a header value"),
        );
        headers
    }

    #[test]
    fn a_valid_trace_is_joined_and_gets_a_span_of_its_own() {
        let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = RequestContext::at_the_edge(&headers(given));
        assert_eq!(context.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(context.parent_id.as_deref(), Some("00f067aa0ba902b7"));
        assert_ne!(context.span_id, "00f067aa0ba902b7");
    }

    #[test]
    fn a_doubtful_trace_is_dropped() {
        for bad in [
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "rubbish",
        ] {
            assert_ne!(
                RequestContext::at_the_edge(&headers(bad)).trace_id,
                "4bf92f3577b34da6a3ce929d0e0e4736"
            );
        }
    }

    #[test]
    fn a_client_cannot_choose_the_request_id_but_a_service_can() {
        let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let id = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
        assert_ne!(
            RequestContext::at_the_edge(&headers(given))
                .request_id
                .to_string(),
            id
        );
        assert_eq!(
            RequestContext::inside(&headers(given))
                .request_id
                .to_string(),
            id
        );
    }
}
