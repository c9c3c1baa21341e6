//! What body a route takes: which type, how large, and who judges it.

use escale_schemas::Schema;
use http::Method;

use super::Route;

#[derive(Debug, PartialEq, Eq)]
pub struct BodyPolicy {
    pub media: Media,
    /// Bytes; one more is 413.
    pub most: u64,
    pub content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    Form,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Read whole, judged, and written anew.
    Judged(Schema),
    /// Handed on as it comes; the route table says why.
    Streamed { because: Box<str> },
}

impl Media {
    pub fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// Whether a body on this method has no meaning (RFC 9110 sections 9.3.1, 9.3.2, 9.3.5), on any route.
pub fn is_bodiless(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::DELETE)
}

impl Route {
    /// `None`: a body is refused.
    pub fn body_of(&self, method: &Method) -> Option<&BodyPolicy> {
        self.body.as_ref().filter(|_| !is_bodiless(method))
    }
}
