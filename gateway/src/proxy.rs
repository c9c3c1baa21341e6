//! Calls the services behind the gateway: one pooled HTTP/2 connection over mTLS each, streamed both ways.

mod connector;
pub mod hop_by_hop;

use std::error::Error as StdError;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Extensions, HeaderMap, Method, Request, Uri, Version};
use http_body::Body as _;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use service_kit::error::{ApiError, Code};
use service_kit::tls::Identity;
use url::Url;

use crate::route_table::Service;
use connector::{Connector, Heard};

/// An idle connection is asked whether it still lives; a dead one leaves the pool after at most this and
/// [`PING_TIMEOUT`], even when its peer vanished without closing it.
const PING_EVERY: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// One service behind the gateway. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Upstream {
    service: Service,
    authority: Authority,
    client: Client<Connector, Body>,
}

/// Where a service is, when it cannot be that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be https://host:port and nothing more")]
pub struct NoOrigin;

impl Upstream {
    /// # Errors
    /// [`NoOrigin`] for a URL that is not https, or that has a path, a query or credentials.
    pub fn new(service: Service, base: &Url, identity: &Identity) -> Result<Self, NoOrigin> {
        let connector = Connector::new(service, base, identity).ok_or(NoOrigin)?;
        let authority = Authority::try_from(connector.authority()).map_err(|_| NoOrigin)?;
        let client = Client::builder(TokioExecutor::new())
            .http2_only(true)
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .http2_keep_alive_interval(PING_EVERY)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .http2_keep_alive_while_idle(true)
            .build(connector);
        Ok(Self {
            service,
            authority,
            client,
        })
    }

    pub fn service(&self) -> Service {
        self.service
    }

    /// Sends a request whose headers are final, and gives the answer when its head has come.
    ///
    /// # Errors
    /// 503 when there is no connection, 504 when no head came within `deadline`, 502 when the connection broke. The
    /// cause goes to the log alone.
    pub async fn send(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
        deadline: Duration,
    ) -> Result<Response, ApiError> {
        let request = self.address(request, target)?;
        match tokio::time::timeout(deadline, self.send_and_try_again(request)).await {
            Ok(Ok(response)) => Ok(response.map(Body::new)),
            Ok(Err(error)) => Err(self.failed(&error)),
            Err(_) => {
                let waited = format!("{}: no answer within {deadline:?}", self.service.as_str());
                Err(ApiError::new(Code::UpstreamTimeout).because(waited))
            }
        }
    }

    /// A service that was restarted leaves a dead connection in the pool. hyper repeats a request that had not begun
    /// to be sent; one that had is repeated here, once, where that can do no harm (RFC 9110 section 9.2.2).
    async fn send_and_try_again(
        &self,
        request: Request<Body>,
    ) -> Result<http::Response<hyper::body::Incoming>, Error> {
        let twin = twin_of(&request);
        match (self.client.request(request).await, twin) {
            (Err(error), Some(twin)) if !error.is_connect() => {
                tracing::debug!(service = self.service.as_str(), %error, "the connection broke; once more");
                self.client.request(twin).await
            }
            (result, _) => result,
        }
    }

    fn address(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
    ) -> Result<Request<Body>, ApiError> {
        let uri = Uri::builder()
            .scheme(Scheme::HTTPS)
            .authority(self.authority.clone())
            .path_and_query(target)
            .build()
            .map_err(ApiError::internal)?;
        let (mut parts, body) = request.into_parts();
        parts.uri = uri;
        parts.version = Version::HTTP_2;
        // What layers tell each other is not for the client library, which has extensions of its own.
        parts.extensions = Extensions::new();
        Ok(Request::from_parts(parts, without_trailers(body)))
    }

    fn failed(&self, error: &Error) -> ApiError {
        let code = if is_unreachable(error) {
            Code::ServiceUnavailable
        } else {
            Code::BadGateway
        };
        ApiError::new(code).because(format_args!("{}: {}", self.service.as_str(), chain(error)))
    }
}

/// Trailers are headers that no layer has looked at: the client's end here (RFC 9110 section 6.5.1).
fn without_trailers(body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    Body::from_stream(body.into_data_stream())
}

/// The same request once more, where it has no body and only reads.
fn twin_of(request: &Request<Body>) -> Option<Request<Body>> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !request.body().is_end_stream() {
        return None;
    }
    let mut twin = Request::new(Body::empty());
    *twin.method_mut() = request.method().clone();
    *twin.uri_mut() = request.uri().clone();
    *twin.version_mut() = request.version();
    *twin.headers_mut() = HeaderMap::clone(request.headers());
    Some(twin)
}

/// Whether the service never took the request: no connection, none on which it ever spoke, or one that ended before
/// the request was begun.
fn is_unreachable(error: &Error) -> bool {
    let Some(connection) = error.connect_info() else {
        return true;
    };
    let mut extras = Extensions::new();
    connection.get_extras(&mut extras);
    let heard = extras.get::<Heard>().is_some_and(Heard::anything);
    let hyper_error = error
        .source()
        .and_then(|cause| cause.downcast_ref::<hyper::Error>());
    !heard || hyper_error.is_some_and(hyper::Error::is_canceled)
}

/// The error and what caused it, for the log.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
