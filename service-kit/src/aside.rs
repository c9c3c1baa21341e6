//! What a service tells the gateway beside its answer: for the gateway's logs, never for the client.
//!
//! The gateway streams a service's answer and does not look into its body (L4), so it would not know why a service
//! refused, nor whose session a login began. The service says so in headers, to the gateway alone, and the gateway
//! takes them off whatever they hold:
//! - `x-problem-code`: the refusal's code, as in its body. Also of a refusal whose body another standard decides;
//! - `x-subject`: the account that an answer is about, where the request itself does not name it: a login, a refresh.
//!   Also of a failed one: the client's answer is the same for every name, and an audit wants to know whose account is
//!   tried (R18).
//!
//! Only [`tell_gateway`] writes them, and it stands in [`crate::stack`], which the gateway's own face does not have.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::error::{ApiError, LoggedReason};
use crate::principal::is_gateway;

pub const PROBLEM_CODE: HeaderName = HeaderName::from_static("x-problem-code");
pub const SUBJECT: HeaderName = HeaderName::from_static("x-subject");

const LONGEST_CODE: usize = 64;

/// The account that an answer is about: an extension of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject(pub Uuid);

/// Both ends of the contract: what one writes, the other reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aside {
    /// Of a refusal: `booking_not_payable`.
    pub code: Option<Box<str>>,
    pub subject: Option<Uuid>,
}

impl Aside {
    /// Takes it off an answer. A value that no service of ours would send, or a second one, counts as none: it is to
    /// stand in logs.
    pub fn take_from(headers: &mut HeaderMap) -> Self {
        let code = only_value(headers, &PROBLEM_CODE).filter(|code| is_code(code));
        let subject = only_value(headers, &SUBJECT);
        let aside = Self {
            code: code.map(Into::into),
            subject: subject.and_then(|id| Uuid::try_parse(id).ok()),
        };
        headers.remove(PROBLEM_CODE);
        headers.remove(SUBJECT);
        aside
    }

    fn of(response: &Response) -> Self {
        let error = response.extensions().get::<ApiError>();
        let other = response.extensions().get::<LoggedReason>();
        let code = error.map(|error| error.code.as_str());
        let subject = response.extensions().get::<Subject>();
        Self {
            code: code.or(other.map(|other| other.code)).map(Into::into),
            subject: subject.map(|Subject(id)| *id),
        }
    }

    fn write_to(&self, headers: &mut HeaderMap) {
        if let Some(code) = &self.code {
            let value = HeaderValue::from_str(code).expect("codes are of a-z, 0-9 and _");
            headers.insert(PROBLEM_CODE, value);
        }
        if let Some(subject) = self.subject {
            let value = HeaderValue::try_from(subject.to_string());
            headers.insert(SUBJECT, value.expect("hexadecimal digits and dashes"));
        }
    }
}

/// The middleware. Outside of [`crate::error::render`], so that it knows every refusal.
pub async fn tell_gateway(request: Request, next: Next) -> Response {
    let listens = is_gateway(request.extensions());
    let mut response = next.run(request).await;
    if listens {
        Aside::of(&response).write_to(response.headers_mut());
    }
    response
}

fn only_value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn is_code(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=LONGEST_CODE).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests;
