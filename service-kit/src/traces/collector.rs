//! The way to the collector. Its being away is told once, and its being back: not for each batch.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use reqwest::redirect::Policy;
use tokio::runtime::Handle;
use url::Url;

use super::DELIVERY;

/// More than this is no answer of a collector.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The exporter's thread has no reactor of its own, so the calls are made on the service's runtime.
#[derive(Debug)]
pub(super) struct Collector {
    client: reqwest::Client,
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    pub(super) fn new(endpoint: &Url) -> reqwest::Result<Self> {
        let builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(DELIVERY);
        // The system's authorities are wanted for https alone: an image without any can send to http.
        let builder = match endpoint.scheme() {
            "https" => builder.https_only(true),
            _ => builder.tls_certs_only([]),
        };
        Ok(Self {
            client: builder.build()?,
            runtime: Handle::current(),
            is_away: AtomicBool::new(false),
        })
    }

    async fn delivery(
        client: reqwest::Client,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, HttpError> {
        let mut answer = client.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err("the answer is too long".into());
            }
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }

    /// The reason why a delivery failed, if it did.
    fn note(&self, failure: Option<&str>) {
        let was_away = self.is_away.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(reason) if !was_away => tracing::warn!(reason, "traces are not delivered"),
            None if was_away => tracing::info!("traces are delivered again"),
            _ => {}
        }
    }
}

impl HttpClient for Collector {
    // As `async_trait` would write it: the trait is the exporter's.
    fn send_bytes<'own, 'made>(
        &'own self,
        request: Request<Bytes>,
    ) -> BoxFuture<'made, Result<Response<Bytes>, HttpError>>
    where
        'own: 'made,
        Self: 'made,
    {
        let delivery = self
            .runtime
            .spawn(Self::delivery(self.client.clone(), request));
        Box::pin(async move {
            let result = delivery.await.map_err(HttpError::from).flatten();
            match &result {
                Ok(answer) if answer.status().is_success() => self.note(None),
                Ok(answer) => self.note(Some(answer.status().as_str())),
                Err(error) => self.note(Some(&error.to_string())),
            }
            result
        })
    }
}
