//! A foreign issuer's keys by OpenID Connect Discovery 1.0: its document, then the key set that the document names.
//!
//! Threats: a document of another issuer at the right address (its `issuer` must be equal letter by letter, section
//! 4.3); one that sends the gateway elsewhere (https only, hosts of an allow-list only, no redirect, no proxy); an
//! answer that hangs or does not end. The addresses come from the operator's own file, so inside addresses are not
//! refused as they would be for a URL that a client registers: a Keycloak often stands on one.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};
use serde::Deserialize;
use service_kit::tls::TlsError;
use url::Url;

use super::settings::IssuerConfig;
use crate::jwks::{FETCH_TIMEOUT, Fetch, LARGEST_JWKS};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Where a foreign issuer is, and which hosts it may name.
#[derive(Debug, Clone)]
pub struct Provider {
    client: Client,
    issuer: String,
    document: Url,
    hosts: Vec<(String, u16)>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// # Errors
    /// The file of authorities cannot be read or holds none.
    pub fn new(config: &IssuerConfig) -> Result<Self, TlsError> {
        let setup = |error: &dyn std::fmt::Display| {
            TlsError::Setup(format!("issuer {}: {error}", config.name))
        };
        let mut client = Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(FETCH_TIMEOUT);
        if let Some(file) = &config.authorities {
            let pem = std::fs::read(file).map_err(|error| setup(&error))?;
            client = trusting(client, &pem).map_err(|error| setup(&error))?;
        }
        Ok(Self {
            client: client.build().map_err(|error| setup(&error))?,
            issuer: config.issuer.clone(),
            document: config.document.clone(),
            hosts: config.hosts.clone(),
        })
    }

    pub(super) fn into_fetch(self) -> Fetch {
        let provider = Arc::new(self);
        Arc::new(move || {
            let provider = Arc::clone(&provider);
            async move { provider.keys().await }.boxed()
        })
    }

    /// The document is read anew each time: that is how an issuer moves its keys.
    async fn keys(&self) -> Result<Bytes, String> {
        let document = self.get(self.document.clone()).await?;
        let place = self.key_set_of(&document)?;
        self.get(place).await
    }

    fn key_set_of(&self, document: &[u8]) -> Result<Url, String> {
        let document: Document = serde_json::from_slice(document)
            .map_err(|_| "the discovery document names no issuer and key set")?;
        if document.issuer != self.issuer {
            return Err("the discovery document is another issuer's".to_owned());
        }
        let place =
            Url::parse(&document.jwks_uri).map_err(|_| "the key set's address is no URL")?;
        let is_allowed = match (place.host_str(), place.port_or_known_default()) {
            (Some(host), Some(port)) => self.hosts.iter().any(|(h, p)| h == host && *p == port),
            _ => false,
        };
        let has_no_user = place.username().is_empty() && place.password().is_none();
        if place.scheme() != "https" || !is_allowed || !has_no_user {
            return Err("the key set is not on an allowed https host".to_owned());
        }
        Ok(place)
    }

    async fn get(&self, place: Url) -> Result<Bytes, String> {
        let request = self.client.get(place).header("accept", "application/json");
        let mut response = request.send().await.map_err(|error| told(&error))?;
        if response.status() != http::StatusCode::OK {
            return Err(format!("status {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| told(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_JWKS {
                return Err("the answer is too long".to_owned());
            }
        }
        Ok(body.into())
    }
}

/// These authorities and no others.
fn trusting(client: ClientBuilder, pem: &[u8]) -> Result<ClientBuilder, String> {
    let authorities = Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
    if authorities.is_empty() {
        return Err("no certificate in the file of authorities".to_owned());
    }
    Ok(client.tls_certs_only(authorities))
}

/// The error with its causes: "error sending request" alone helps nobody.
fn told(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
