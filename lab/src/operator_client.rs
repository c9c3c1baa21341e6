//! Speaks to the gateway as its operator does: on its admin address, in plain HTTP on this machine.

use std::fmt::Display;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect};
use serde_json::Value;

use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::Refusal;
use crate::service::Service;
use crate::state_file::StateFile;
use crate::texts::platform;

const PATIENCE: Duration = Duration::from_secs(5);

pub struct OperatorClient {
    client: Client,
    /// `http://127.0.0.1:18080`
    pub base: String,
    console: Console,
}

pub struct Answer {
    pub status: u16,
    /// Null when the body is no JSON.
    pub body: Value,
}

impl OperatorClient {
    /// The gateway that runs here.
    pub fn new(layout: &Layout, console: &Console) -> Result<Self, Refusal> {
        let ports = StateFile::ports_here(layout);
        let base = format!("http://{}", ports.admin(Service::Gateway));
        let client = Client::builder()
            // Nobody is to be trusted over TLS here; the system's authorities are not even read.
            .tls_certs_only([])
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let client = client.map_err(|error| away(&base, &error, console))?;
        Ok(Self {
            client,
            base,
            console: *console,
        })
    }

    /// # Errors
    /// Nobody answers.
    pub async fn get(&self, path: &str) -> Result<Answer, Refusal> {
        self.send(self.client.get(format!("{}{path}", self.base)))
            .await
    }

    /// # Errors
    /// Nobody answers.
    pub async fn delete(&self, path: &str) -> Result<Answer, Refusal> {
        self.send(self.client.delete(format!("{}{path}", self.base)))
            .await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, Refusal> {
        let answered = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>((status, response.bytes().await?))
        };
        let (status, bytes) = answered
            .await
            .map_err(|error| away(&self.base, &error, &self.console))?;
        Ok(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        })
    }
}

fn away(base: &str, error: &reqwest::Error, console: &Console) -> Refusal {
    let values: [(&str, &dyn Display); 2] = [("url", &base), ("error", error)];
    Refusal::Check(console.text(&platform::GATEWAY_AWAY, &values))
}
