//! The one answer to a request that never reaches the service: the common body (L5), a line in the log, a count.

use std::net::SocketAddr;

use axum::body::Body;
use http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response, Version};

use super::Fault;
use crate::context::{REQUEST_ID, RequestContext};
use crate::error::render::{PROBLEM_JSON, problem_body};
use crate::error::{ApiError, Language};

/// A refusal with the id under which the log has it.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    fault: Fault,
    language: Language,
    context: RequestContext,
}

impl Refusal {
    pub(super) fn new(fault: Fault, language: Language) -> Self {
        Self {
            fault,
            language,
            context: RequestContext::begin(),
        }
    }

    /// The headers are those of the gateway's other answers: nobody shall keep this one, or take it for a page.
    pub(super) fn response(&self, version: Version) -> Response<Body> {
        let error = ApiError::new(self.fault.code());
        let body = problem_body(&error, self.language, "/", Some(&self.context));
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = error.code.status();
        let headers = response.headers_mut();
        for (name, value) in [
            (CONTENT_TYPE, PROBLEM_JSON),
            (CONTENT_LANGUAGE, self.language.tag()),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (
                STRICT_TRANSPORT_SECURITY,
                "max-age=63072000; includeSubDomains",
            ),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if version < Version::HTTP_2 {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let id = self.context.request_id.to_string();
        let id = HeaderValue::try_from(id).expect("hexadecimal digits and dashes");
        headers.insert(REQUEST_ID, id);
        response
    }
}

/// Written where the fault is found. What the peer sent is not in the line: it may be a token, or a forged line.
pub(super) fn note(remote: SocketAddr, fault: Fault, refusal: Option<&Refusal>) {
    metrics::counter!("http_refused_total", "reason" => fault.label()).increment(1);
    tracing::warn!(
        %remote,
        reason = %fault,
        status = refusal.map(|refusal| refusal.fault.code().status().as_u16()),
        request_id = refusal.map(|refusal| tracing::field::display(refusal.context.request_id)),
        "request refused"
    );
}

/// The language of a head that may be broken anywhere: the one line that matters is looked for.
pub(in crate::server) fn language_of(head: &[u8]) -> Language {
    let mut headers = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(ACCEPT_LANGUAGE.as_str().as_bytes())
            && let Ok(value) = HeaderValue::from_bytes(value)
        {
            headers.append(ACCEPT_LANGUAGE, value);
        }
    }
    Language::of(&headers)
}
