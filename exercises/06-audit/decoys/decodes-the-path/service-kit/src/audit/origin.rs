//! Who asked for what, from where.

use std::net::IpAddr;

use http::{HeaderValue, Method, Uri};
use uuid::Uuid;

use crate::context::RequestContext;
use crate::tame::tame;

const LONGEST_AGENT: usize = 200;
const LONGEST_PATH: usize = 500;
const LONGEST_METHOD: usize = 20;
const LONGEST_USER: usize = 128;

/// Made of a request's parts; what a client chose is cut short and tamed.
#[derive(Debug, Clone)]
pub struct Origin {
    pub(super) user: Option<Box<str>>,
    pub(super) address: Option<IpAddr>,
    pub(super) agent: Option<Box<str>>,
    pub(super) request: Option<Asked>,
}

/// A request, in the record's words.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) method: Box<str>,
    pub(super) path: Box<str>,
    pub(super) request_id: Uuid,
    pub(super) trace_id: Box<str>,
}

impl Origin {
    /// The query stays out: it holds what people type, and sometimes tokens (R15).
    pub fn new(method: &Method, uri: &Uri, context: &RequestContext) -> Self {
        Self {
            request: Some(Asked {
                method: tame(method.as_str(), LONGEST_METHOD).into(),
                path: readable(uri.path()).chars().take(LONGEST_PATH).collect(),
                request_id: context.request_id,
                trace_id: context.trace_id.as_str().into(),
            }),
            ..Self::without_request()
        }
    }

    /// For what is about somebody, and not about one request of his: a ban.
    pub fn without_request() -> Self {
        Self {
            user: None,
            address: None,
            agent: None,
            request: None,
        }
    }

    /// The verified user's or application's id, never a pseudo or an e-mail address.
    #[must_use]
    pub fn user(mut self, id: Option<&str>) -> Self {
        self.user = id.map(|id| tame(id, LONGEST_USER).into());
        self
    }

    #[must_use]
    pub fn address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    #[must_use]
    pub fn agent(mut self, agent: Option<&HeaderValue>) -> Self {
        let text = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        self.agent = text.map(|text| tame(&text, LONGEST_AGENT).into());
        self
    }
}

/// `/caf%C3%A9` is hard to read.
fn readable(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => bytes.extend(format!("%{part}").bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
