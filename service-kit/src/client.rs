//! Calls to another service of the platform, over mTLS, as one request goes on (L14).

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::{HeaderMap, Method};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use url::Url;

use crate::context::RequestContext;
use crate::error::{ApiError, Code};
use crate::tls::{Identity, TlsError};

/// An answer of another service that is longer than this is not one of ours.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A client of one service. Clones share its connections.
#[derive(Debug, Clone)]
pub struct PeerClient {
    server: &'static str,
    base: Url,
    identity: Identity,
    timeout: Duration,
    current: Arc<ArcSwap<Built>>,
}

#[derive(Debug)]
struct Built {
    generation: u64,
    client: reqwest::Client,
}

impl PeerClient {
    /// `timeout` covers a whole call, from the connection to the last byte of the answer.
    pub fn new(
        base: Url,
        server: &'static str,
        identity: &Identity,
        timeout: Duration,
    ) -> Result<Self, TlsError> {
        let current = Arc::new(ArcSwap::from_pointee(build(server, identity, timeout)?));
        Ok(Self {
            server,
            base,
            identity: identity.clone(),
            timeout,
            current,
        })
    }

    /// A request to `path`, with the request's id and trace. Where the caller has a deadline, the call takes no
    /// longer, and what is left is handed on.
    pub fn request(&self, method: Method, path: &str, context: &RequestContext) -> RequestBuilder {
        let mut url = self.base.clone();
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        let mut headers = HeaderMap::new();
        context.write_to(&mut headers);
        let request = self.client().request(method, url);
        let Some(deadline) = &context.deadline else {
            return request.headers(headers);
        };
        deadline.write_to(&mut headers, self.timeout);
        let timeout = deadline.remaining().min(self.timeout);
        request.headers(headers).timeout(timeout)
    }

    /// Sends. Any status is an answer.
    ///
    /// # Errors
    /// 503 when there is no connection, 504 when there was no answer in time, 502 when it broke off.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        request.send().await.map_err(|error| self.failed(&error))
    }

    /// Reads an answer, at most 1 MiB of it.
    ///
    /// # Errors
    /// 502 when it is not what was agreed.
    pub async fn json<T: DeserializeOwned>(mut response: Response) -> Result<T, ApiError> {
        let mut body = Vec::new();
        let broken = |error: &dyn std::fmt::Display| ApiError::new(Code::BadGateway).because(error);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| broken(&error.without_url()))?
        {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err(broken(&"the answer is too long"));
            }
        }
        serde_json::from_slice(&body).map_err(|error| broken(&error))
    }

    fn failed(&self, error: &reqwest::Error) -> ApiError {
        let code = match error {
            error if error.is_timeout() && !error.is_connect() => Code::UpstreamTimeout,
            error if error.is_connect() => Code::ServiceUnavailable,
            _ => Code::BadGateway,
        };
        let mut causes = vec![error.to_string()];
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        ApiError::new(code).because(format_args!("{}: {}", self.server, causes.join(": ")))
    }

    /// The client of the current certificate; a renewal builds a new one, running calls keep theirs.
    fn client(&self) -> reqwest::Client {
        let built = self.current.load();
        if built.generation != self.identity.generation() {
            match build(self.server, &self.identity, self.timeout) {
                Ok(renewed) => self.current.store(Arc::new(renewed)),
                Err(error) => tracing::error!(%error, "the client keeps its old certificate"),
            }
        }
        self.current.load().client.clone()
    }
}

fn build(server: &str, identity: &Identity, timeout: Duration) -> Result<Built, TlsError> {
    let generation = identity.generation();
    let config = identity.client_config(server)?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured((*config).clone())
        .https_only(true)
        // A service has no business in following another's redirect, nor in sending its calls through a proxy.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(2))
        .timeout(timeout)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| TlsError::Setup(error.to_string()))?;
    Ok(Built { generation, client })
}
