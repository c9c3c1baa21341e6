//! The service of one connection: what was refused where it was read is answered here, HTTP/2 requests are judged as
//! HTTP/1.1 heads are, and bodies are waited for no longer than is decent.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use futures_util::future::BoxFuture;
use http::header::{CONTENT_LENGTH, EXPECT, HOST};
use http::{Request, Response, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use tower::Service;

use super::Fault;
use super::answer::Answer;
use super::head::{LONGEST_TARGET, MOST_HEADERS, check_expectation, check_host, check_method};
use super::ledger::Ledger;
use super::paced_body::PacedBody;
use super::refusal::{Refusal, note};
use crate::error::Language;

#[derive(Clone)]
pub(in crate::server) struct Gate<S> {
    app: S,
    ledger: Arc<Ledger>,
    body_timeout: Duration,
}

impl<S> Gate<S> {
    pub(in crate::server) fn new(app: S, ledger: Arc<Ledger>, body_timeout: Duration) -> Self {
        Self {
            app,
            ledger,
            body_timeout,
        }
    }

    /// What is answered without the service.
    fn refusal(&self, request: &Request<Incoming>) -> Option<Response<Body>> {
        if let Some(refusal) = self.ledger.next_call() {
            return Some(refusal.response(request.version()));
        }
        if request.version() < Version::HTTP_2 {
            return None;
        }
        let language = Language::of(request.headers());
        let (fault, version) = (check(request)?, request.version());
        let refusal = Refusal::new(fault, language);
        note(self.ledger.remote(), fault, Some(&refusal));
        Some(refusal.response(version))
    }
}

/// The part of the checks that the `h2` crate leaves to its user. It refuses by itself, as a stream error: headers of
/// the connection, `te` other than `trailers`, capitals in names, pseudo-headers that are missing, twice or late, a
/// `content-length` that is no number or that the data belies (RFC 9113 sections 8.1.1, 8.2.2 and 8.3).
fn check(request: &Request<Incoming>) -> Option<Fault> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let length_twice = headers.get_all(CONTENT_LENGTH).iter().nth(1).is_some();
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    check_method(method.as_str())
        .and(check_authority(request))
        .and(test(target.starts_with('/'), Fault::Target))
        .and(test(target.len() <= LONGEST_TARGET, Fault::TargetTooLong))
        .and(test(headers.len() <= MOST_HEADERS, Fault::TooManyHeaders))
        .and(test(!length_twice, Fault::LengthTwice))
        .and_then(|()| {
            let mut expectations = headers.get_all(EXPECT).iter();
            expectations.try_for_each(|value| check_expectation(value.as_bytes()))
        })
        .err()
}

/// `:authority` names the host, `Host` may repeat it and never differ (RFC 9113 section 8.3.1).
fn check_authority<B>(request: &Request<B>) -> Result<(), Fault> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    test(second.is_none(), Fault::HostTwice)?;
    let Some(authority) = request.uri().authority() else {
        return host.map_or(Err(Fault::HostMissing), |host| check_host(host.as_bytes()));
    };
    let named = authority.as_str().as_bytes();
    check_host(named)?;
    // Over TLS there is one scheme, and a target of another one is meant for somebody else.
    test(request.uri().scheme_str() == Some("https"), Fault::Target)?;
    let same = host.is_none_or(|host| host.as_bytes().eq_ignore_ascii_case(named));
    test(same, Fault::HostTwice)
}

fn test(holds: bool, fault: Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(fault) }
}

impl<S> Service<Request<Incoming>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.app.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        if let Some(response) = self.refusal(&request) {
            return Box::pin(async { Ok(response) });
        }
        let version = request.version();
        let ledger = Arc::clone(&self.ledger);
        let (parts, body) = request.into_parts();
        let (body, watched) = if body.is_end_stream() {
            (Body::empty(), None)
        } else {
            // Who asks first whether to send a body is answered by leaving it unread.
            let read_off = version == Version::HTTP_2 && !parts.headers.contains_key(EXPECT);
            let (body, found) = PacedBody::new(body, self.body_timeout, read_off);
            (Body::new(body), Some((found, Language::of(&parts.headers))))
        };
        let answering = self.app.call(Request::from_parts(parts, body));
        Box::pin(async move {
            let response = answering.await?;
            if let Some((found, language)) = watched
                && let Some(fault) = found.get()
                // A service that takes a broken body for a failure of its own is put right.
                && response.status().is_server_error()
            {
                let refusal = Refusal::new(*fault, language);
                note(ledger.remote(), *fault, Some(&refusal));
                return Ok(refusal.response(version));
            }
            let at_hand = response.body().size_hint().exact().is_some();
            if at_hand || version < Version::HTTP_2 {
                return Ok(response);
            }
            Ok(response.map(|body| Body::new(Answer::new(body, &ledger))))
        })
    }
}
