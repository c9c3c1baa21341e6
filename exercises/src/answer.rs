//! What came back, and the ways to judge it. Each gives the answer back, or says what was expected.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::visitor::no_answer;
use crate::{Call, Failure, Message};

/// More of an answer than this is not shown.
const SHOWN: usize = 600;
/// A body without end must not fill the memory of who judges it.
const LONGEST: usize = 32_000_000;

#[derive(Debug, Clone)]
pub struct Answer {
    pub call: Call,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(call: Call, response: reqwest::Response) -> Result<Self, Failure> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = bounded(&call, response).await?;
        Ok(Self {
            call,
            status,
            headers,
            body,
        })
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Empty when the answer has no such header.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// A member of the body by JSON pointer, as text.
    pub fn field(&self, pointer: &str) -> Result<String, Failure> {
        match self.json().pointer(pointer) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Ok(other.to_string()),
            None => Err(self.differs(Message::new(
                format!("un corps JSON avec {pointer}"),
                format!("a JSON body with {pointer}"),
            ))),
        }
    }

    pub fn expect_status(self, status: u16) -> Result<Self, Failure> {
        if self.status.as_u16() == status {
            return Ok(self);
        }
        Err(self.differs(Message::plain(status)))
    }

    /// A refusal in the form that all refusals have (L5, RFC 9457), with this status and code.
    pub fn expect_refused(self, status: u16, code: &str) -> Result<Self, Failure> {
        let body = self.json();
        if self.status.as_u16() == status && body["code"] == code && body["success"] == false {
            return Ok(self);
        }
        Err(self.differs(Message::new(
            format!("{status} et \"code\":\"{code}\""),
            format!("{status} and \"code\":\"{code}\""),
        )))
    }

    /// Anything else that must hold of it.
    pub fn expect(
        self,
        holds: impl FnOnce(&Self) -> bool,
        expected_fr: impl Into<String>,
        expected_en: impl Into<String>,
    ) -> Result<Self, Failure> {
        if holds(&self) {
            return Ok(self);
        }
        Err(self.differs(Message::new(expected_fr, expected_en)))
    }

    /// This answer is not the expected one.
    pub fn differs(&self, expected: Message) -> Failure {
        Failure::differs(&self.call, expected, self.shown())
    }

    /// Status and the beginning of the body.
    pub fn shown(&self) -> String {
        let text = self.text();
        let start: String = text.chars().take(SHOWN).collect();
        let more = if start.len() < text.len() { "…" } else { "" };
        format!("{} {start}{more}", self.status.as_u16())
            .trim_end()
            .to_owned()
    }
}

async fn bounded(call: &Call, mut response: reqwest::Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| no_answer(call, &error))? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > LONGEST {
            let expected = Message::new("un corps qui a une fin", "a body that has an end");
            let came = format!("{} {LONGEST}+ bytes", response.status().as_u16());
            return Err(Failure::differs(call, expected, came));
        }
        body.extend_from_slice(&chunk);
    }
}
