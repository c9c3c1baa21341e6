//! What came back, and the ways to judge it.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub async fn read(response: reqwest::Response) -> Self {
        Self::try_read(response).await.expect("a whole answer")
    }

    /// # Errors
    /// The answer broke off.
    pub async fn try_read(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Self {
            status,
            headers,
            body: response.bytes().await?.to_vec(),
        })
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A member of the body by JSON pointer, as text.
    #[track_caller]
    pub fn field(&self, pointer: &str) -> String {
        let json = self.json();
        match json.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("no {pointer} in {} {}", self.status, self.text()),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// A refusal in the one form that all of them have (L5, RFC 9457), with the right status and code.
    #[track_caller]
    pub fn assert_refused(self, status: u16, code: &str) -> Self {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), &body["code"]),
            (status, &code.into()),
            "{}",
            self.text()
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(
            (&body["success"], &body["status"]),
            (&false.into(), &status.into())
        );
        assert!(
            body["error"].is_string() && body["instance"].is_string(),
            "{body}"
        );
        assert!(body["requestId"].is_string(), "{body}");
        self
    }
}
