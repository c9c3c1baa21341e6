//! Calls the services behind the gateway: pooled HTTP/2 over mTLS, streamed both ways, with a deadline, a circuit
//! breaker, and retries within a budget.
//!
//! Reading order: this file (the way of one request), [`config`] (the settings), then `outgoing`, `breaker`,
//! `retry_budget`, `pool`, `upload`, `download`, `failure`, one concern each.

mod breaker;
pub mod config;
mod connector;
mod download;
mod failure;
pub mod hop_by_hop;
mod outgoing;
mod pool;
mod retry_budget;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Uri};
use http_body::Body as _;
use hyper::body::Incoming;
use metrics::Histogram;
use service_kit::clock::Clock;
use service_kit::context::REQUEST_ID;
use service_kit::deadline::Deadline;
use service_kit::error::{ApiError, Code};
use service_kit::tls::Identity;
use tokio::time::Instant;
use url::Url;

use crate::metrics::{UPSTREAM_FAILURES, UPSTREAM_RETRIES, UPSTREAM_SECONDS};
use crate::route_table::Service;
use breaker::{Breaker, Permit, Refused};
use config::ForwardConfig;
use connector::Connector;
use download::{Download, Origin};
use failure::{Failure, Kind};
use outgoing::Outgoing;
use pool::{Place, Pool};
use retry_budget::RetryBudget;
use upload::Upload;

/// A service that cannot be connected to may be starting again: the retry comes a moment later.
const MOMENT: Duration = Duration::from_millis(50);

/// One service behind the gateway. Clones share its connections and its breaker.
#[derive(Debug, Clone)]
pub struct Upstream(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: Service,
    authority: Authority,
    pool: Pool,
    breaker: Arc<Breaker>,
    budget: RetryBudget,
    config: ForwardConfig,
    seconds: Histogram,
}

/// Where a service is, when it cannot be that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be https://host:port and nothing more")]
pub struct NoOrigin;

impl Upstream {
    /// # Errors
    /// [`NoOrigin`] for a URL that is not https, or that has a path, a query or credentials.
    pub fn new(
        service: Service,
        base: &Url,
        identity: &Identity,
        clock: Clock,
        config: &ForwardConfig,
    ) -> Result<Self, NoOrigin> {
        let connector = Connector::new(service, base, identity).ok_or(NoOrigin)?;
        let name = service.as_str();
        Ok(Self(Arc::new(Inner {
            service,
            authority: Authority::try_from(connector.authority()).map_err(|_| NoOrigin)?,
            pool: Pool::new(&connector, config.connections),
            breaker: Breaker::new(name, clock, config),
            budget: RetryBudget::new(name, config.retry_percent),
            config: config.clone(),
            seconds: metrics::histogram!(UPSTREAM_SECONDS, "service" => name),
        })))
    }

    pub fn service(&self) -> Service {
        self.0.service
    }

    /// Sends a client's request, whose headers are final, and gives the answer when its head has come.
    ///
    /// # Errors
    /// 503 when the breaker is open or there is no connection, 504 when no head came within `deadline`, 502 when the
    /// connection broke, 4xx when the client's body ended badly. The cause goes to the log alone.
    pub async fn forward(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
        deadline: Duration,
    ) -> Result<Response, ApiError> {
        let permit = self.0.breaker.admit().map_err(|Refused(seconds)| {
            let cause = format_args!("{}: the breaker is open", self.0.service.as_str());
            ApiError::new(Code::ServiceUnavailable)
                .because(cause)
                .retry_after(seconds)
        })?;
        let result = self.exchange(request, target, deadline).await?;
        tell(permit, result.as_ref().err());
        result.map_err(|failure| self.failed(failure))
    }

    /// The gateway's own calls, such as that for the keys: they have a pace of their own, and are made while the
    /// breaker is open too.
    ///
    /// # Errors
    /// As [`Upstream::forward`].
    pub async fn send(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
        deadline: Duration,
    ) -> Result<Response, ApiError> {
        let result = self.exchange(request, target, deadline).await?;
        result.map_err(|failure| self.failed(failure))
    }

    /// The outer error is ours: a request that cannot be made.
    async fn exchange(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
        span: Duration,
    ) -> Result<Result<Response, Failure>, ApiError> {
        let begun = Instant::now();
        let outgoing = self.outgoing(request, target, span)?;
        let attempts = outgoing.deadline.limit(self.attempts(&outgoing)).await;
        self.0.seconds.record(begun.elapsed());
        let (answer, place) = match attempts {
            Ok(Ok(answered)) => answered,
            Ok(Err(failure)) => return Ok(Err(failure)),
            Err(_) => return Ok(Err(Failure::too_slow(span))),
        };
        let origin = Origin {
            service: self.0.service.as_str(),
            request_id: outgoing.headers.get(REQUEST_ID).cloned(),
        };
        let pause = self.0.config.answer_pause;
        Ok(Ok(
            answer.map(|body| Download::body(body, place, pause, origin))
        ))
    }

    /// Once, and once more where that can do no harm and the budget allows it.
    async fn attempts(
        &self,
        outgoing: &Outgoing,
    ) -> Result<(http::Response<Incoming>, Place), Failure> {
        self.0.budget.deposit();
        let failure = match self.attempt(outgoing).await {
            Ok(answered) => return Ok(answered),
            Err(failure) => failure,
        };
        if !outgoing.may_go_again(failure.kind) || !self.0.budget.withdraw() {
            return Err(failure);
        }
        let service = self.0.service.as_str();
        tracing::debug!(service, ?failure, "once more");
        metrics::counter!(UPSTREAM_RETRIES, "service" => service).increment(1);
        if failure.kind == Kind::NoConnection {
            tokio::time::sleep(MOMENT).await;
        }
        self.attempt(outgoing).await
    }

    async fn attempt(
        &self,
        outgoing: &Outgoing,
    ) -> Result<(http::Response<Incoming>, Place), Failure> {
        let sent = self.0.pool.send(outgoing.request()).await;
        sent.map_err(|error| {
            let of_the_client = outgoing.upload.as_ref().and_then(Upload::fault);
            of_the_client.unwrap_or_else(|| Failure::of(&error))
        })
    }

    fn outgoing(
        &self,
        request: Request<Body>,
        target: PathAndQuery,
        span: Duration,
    ) -> Result<Outgoing, ApiError> {
        let uri = Uri::builder()
            .scheme(Scheme::HTTPS)
            .authority(self.0.authority.clone())
            .path_and_query(target)
            .build()
            .map_err(ApiError::internal)?;
        let deadline = Deadline::within(span);
        // What layers tell each other, in the extensions, is not for the client library, which has its own.
        let (
            Parts {
                method, headers, ..
            },
            body,
        ) = request.into_parts();
        let wait = self.0.config.upload_wait;
        let upload = (!body.is_end_stream()).then(|| Upload::new(body, deadline.clone(), wait));
        Ok(Outgoing {
            method,
            uri,
            headers,
            upload,
            deadline,
        })
    }

    fn failed(&self, failure: Failure) -> ApiError {
        let service = self.0.service.as_str();
        metrics::counter!(UPSTREAM_FAILURES, "service" => service, "kind" => failure.name())
            .increment(1);
        failure.into_error(service)
    }
}

fn tell(permit: Permit, failure: Option<&Failure>) {
    match failure.map(|failure| failure.kind) {
        None => permit.answered(),
        Some(Kind::NoConnection | Kind::Untaken | Kind::Broken | Kind::TooSlow) => permit.failed(),
        // It says nothing of the service.
        Some(Kind::Client(_)) => {}
    }
}

#[cfg(test)]
mod tests;
