//! Somebody inside who asks the services, with a certificate or without.

use http::Method;
use serde_json::Value;

use super::INSIDE;
use crate::{Failure, Message, Town, Verdict};

/// Somebody on the inside network who calls services directly, as whoever the certificate says.
pub struct Caller<'a> {
    town: &'a Town,
    client: reqwest::Client,
    /// The part of the command that names the certificate.
    shown: String,
}

impl<'a> Caller<'a> {
    pub fn without_certificate(town: &'a Town) -> Result<Self, Failure> {
        Ok(Self {
            town,
            client: town.peer(None)?,
            shown: String::new(),
        })
    }

    /// With the certificate of a service, or of `edge`.
    pub fn of(town: &'a Town, service: &str) -> Result<Self, Failure> {
        Ok(Self {
            town,
            client: town.peer(Some(service))?,
            shown: format!(" --cert certs/{service}/cert.pem --key certs/{service}/key.pem"),
        })
    }

    /// With a certificate that was made for the occasion; `file` names it in what is shown.
    pub fn with(town: &'a Town, pem: String, file: &str) -> Result<Self, Failure> {
        Ok(Self {
            town,
            client: town.peer_with(pem)?,
            shown: format!(" --cert {file}"),
        })
    }

    pub async fn get(&self, service: &str, path: &str) -> Result<Reply, Failure> {
        self.call(Method::GET, service, path, None).await
    }

    pub async fn post(&self, service: &str, path: &str, body: &Value) -> Result<Reply, Failure> {
        self.call(Method::POST, service, path, Some(body)).await
    }

    /// With the headers that would make it an administrator's request, were they believed.
    async fn call(
        &self,
        method: Method,
        service: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Reply, Failure> {
        let port = self.town.address(service)?.port();
        let url = format!("https://localhost:{port}{path}");
        let mut request = self
            .client
            .request(method, url)
            .header("x-user-id", "7d9c1f60-0a3c-4a7e-9a52-5f5f5b2d6c11")
            .header("x-user-role", "admin")
            .header("x-user-scope", "tours:read bookings:read payments:read");
        if let Some(body) = body {
            request = request.json(body);
        }
        let came = match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                Ok((status, response.json().await.unwrap_or_default()))
            }
            Err(error) => Err(reasons(&error)),
        };
        let sent = self.command(service, path, body);
        Ok(Reply { sent, came })
    }

    fn command(&self, service: &str, path: &str, body: Option<&Value>) -> String {
        let known = INSIDE.iter().find(|(name, _)| *name == service);
        let port = known.map_or(0, |(_, port)| *port);
        let mut command = format!("curl -sS -i --cacert certs/inside-ca.pem{}", self.shown);
        if let Some(body) = body {
            command += &format!(" --json '{body}'");
        }
        format!("{command} 'https://localhost:{port}{path}'")
    }
}

/// What came of a call, and the command that does the same.
pub struct Reply {
    sent: String,
    /// Status and body; what went wrong where there was no connection.
    pub came: Result<(u16, Value), String>,
}

impl Reply {
    /// The handshake must have failed.
    pub fn expect_no_connection(self) -> Verdict {
        let expected = Message::new(
            "pas de connexion : la négociation TLS échoue",
            "no connection: the TLS handshake fails",
        );
        match &self.came {
            Err(_) => Ok(()),
            Ok(_) => Err(self.differs(expected)),
        }
    }

    /// An answer of this status; the code too, where one is named.
    pub fn expect(self, status: u16, code: Option<&str>) -> Verdict {
        let met = matches!(&self.came, Ok((came, body))
            if *came == status && code.is_none_or(|code| body["code"] == code));
        if met {
            return Ok(());
        }
        let code = code.map_or_else(String::new, |code| format!(" \"code\":\"{code}\""));
        Err(self.differs(Message::plain(format!("{status}{code}"))))
    }

    fn differs(&self, expected: Message) -> Failure {
        let came = match &self.came {
            Ok((status, body)) => format!("{status} {body}"),
            Err(reason) => reason.clone(),
        };
        Failure::seen(&self.sent, expected, came)
    }
}

pub(super) fn reasons(error: &reqwest::Error) -> String {
    let mut reasons = vec![error.to_string()];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reasons.push(cause.to_string());
        source = cause.source();
    }
    reasons.join(": ")
}
