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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What comes of a delivery to a collector that says this, and nothing else, to everybody.
    async fn delivered_to(said: String) -> Result<u16, String> {
        crate::process::install_crypto_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let _ = connection.read(&mut [0; 4_096]).await;
                let _ = connection.write_all(said.as_bytes()).await;
                let _ = connection.shutdown().await;
            }
        });
        let collector = Collector::new(&endpoint.parse().expect("a URL")).expect("a client");
        let request = Request::post(&endpoint).body(Bytes::from_static(b"spans"));
        let answer = collector.send_bytes(request.expect("a request")).await;
        answer
            .map(|answer| answer.status().as_u16())
            .map_err(|error| error.to_string())
    }

    /// It would carry spans to a place that nobody has named.
    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let elsewhere =
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(delivered_to(elsewhere.to_owned()).await, Ok(307));
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_a_bound() {
        let answer = |length: usize| {
            let body = "x".repeat(length);
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}")
        };
        assert_eq!(delivered_to(answer(LONGEST_ANSWER)).await, Ok(200));
        let refused = delivered_to(answer(LONGEST_ANSWER + 1)).await;
        assert_eq!(refused, Err("the answer is too long".to_owned()));
    }
}
