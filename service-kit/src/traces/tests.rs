//! What a span says, and what it never says.

use http::HeaderMap;

use super::*;
use crate::context::TRACEPARENT;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn context(flags: &str) -> RequestContext {
    let mut headers = HeaderMap::new();
    let traceparent = format!("00-{TRACE}-{PARENT}-{flags}");
    headers.insert(TRACEPARENT, traceparent.parse().expect("a header value"));
    RequestContext::inside(&headers)
}

fn ended(context: &RequestContext, status: u16) -> Ended<'_> {
    Ended {
        context,
        method: "GET",
        route: "/tours/{id}",
        status,
        reason: (status >= 400).then_some("tour_not_found"),
        took: Duration::from_millis(12),
    }
}

#[test]
fn a_span_stands_in_its_callers_trace_under_its_callers_span() {
    let context = context("01");
    let span = span(&ended(&context, 200)).expect("a span");
    assert_eq!(span.span_context.trace_id().to_string(), TRACE);
    assert_eq!(span.span_context.span_id().to_string(), context.span_id);
    assert_eq!(span.parent_span_id.to_string(), PARENT);
    assert_eq!(span.name, "GET /tours/{id}");
    let took = span.end_time.duration_since(span.start_time);
    assert_eq!(took.expect("a span of time"), Duration::from_millis(12));
}

#[test]
fn a_trace_that_begins_here_has_no_parent() {
    let context = RequestContext::begin();
    let span = span(&ended(&context, 200)).expect("a span");
    assert_eq!(span.parent_span_id, SpanId::INVALID);
}

#[test]
fn a_trace_that_is_not_to_be_recorded_is_not() {
    assert!(span(&ended(&context("00"), 200)).is_none());
    assert!(span(&ended(&context("02"), 200)).is_none());
    assert!(span(&ended(&context("03"), 200)).is_some());
}

#[test]
fn a_failure_is_an_error_and_a_refusal_is_not() {
    let context = context("01");
    let status = |status| span(&ended(&context, status)).expect("a span").status;
    assert_eq!(status(200), Status::Unset);
    assert_eq!(status(404), Status::Unset);
    assert_eq!(status(503), Status::error(""));
}

#[test]
fn the_collectors_own_path_goes_before_the_signals() {
    for (endpoint, expected) in [
        ("http://jaeger:4318", "http://jaeger:4318/v1/traces"),
        ("https://otel.test/a/", "https://otel.test/a/v1/traces"),
    ] {
        assert_eq!(traces_of(&endpoint.parse().expect("a URL")), expected);
    }
}
