//! Speaks to the gateway as anybody outside does: over TLS, trusting the platform's root and nothing else.

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Certificate, Client, RequestBuilder, redirect};
use serde_json::Value;

use crate::cli::gateway::Target;
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::Refusal;
use crate::service::Service;
use crate::state_file::StateFile;
use crate::texts::platform;

/// A payment may take eight seconds to be known.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct GatewayClient {
    pub client: Client,
    /// `https://localhost:8080`, without a slash at its end.
    pub base: String,
    pub cacert: PathBuf,
    console: Console,
}

pub struct Answer {
    pub status: u16,
    /// Null when the body is no JSON.
    pub body: Value,
}

impl GatewayClient {
    /// The gateway that the target names, else the one that runs here.
    pub fn new(target: &Target, layout: &Layout, console: &Console) -> Result<Self, Refusal> {
        let here = || StateFile::ports_here(layout).url(Service::Gateway);
        let base = target.url.as_ref().map_or_else(here, ToString::to_string);
        let cacert = target
            .cacert
            .clone()
            .unwrap_or_else(|| layout.certs().root());
        let refuse = |error: &dyn Display| {
            let values: [(&str, &dyn Display); 2] = [("path", &cacert.display()), ("error", error)];
            Refusal::Configuration(console.text(&platform::CA_UNUSABLE, &values))
        };
        let pem = std::fs::read(&cacert).map_err(|error| refuse(&error))?;
        let roots = Certificate::from_pem_bundle(&pem).map_err(|error| refuse(&error))?;
        let client = Client::builder()
            .tls_certs_only(roots)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| refuse(&error))?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self {
            client,
            base,
            cacert,
            console: *console,
        })
    }

    /// # Errors
    /// Nobody answers, or not the gateway whose certificate is trusted.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, Refusal> {
        let answered = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>((status, response.bytes().await?))
        };
        let (status, bytes) = answered.await.map_err(|error| {
            let cause = deepest(&error);
            let values: [(&str, &dyn Display); 2] = [("url", &self.base), ("error", &cause)];
            Refusal::Check(self.console.text(&platform::GATEWAY_AWAY, &values))
        })?;
        Ok(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        })
    }
}

/// The last of a chain of causes says what really happened.
fn deepest(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
