//! Why a request has no answer, told apart for the log, the metrics and the breaker; the client reads a fixed text.

use std::error::Error as StdError;
use std::time::Duration;

use http::Extensions;
use hyper_util::client::legacy::Error;
use service_kit::error::{ApiError, Code};

use super::connector::Heard;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// For the log: it may name addresses.
    cause: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is no connection, and nothing of the request was sent.
    NoConnection,
    /// The service took the connection and not the request.
    Untaken,
    /// The connection broke when the request was under way: nobody knows what became of it.
    Broken,
    /// No answer until the deadline.
    TooSlow,
    /// The client's own body ended badly; the code says how.
    Client(Code),
}

impl Failure {
    pub(super) fn of(error: &Error) -> Self {
        let kind = if error.is_connect() {
            Kind::NoConnection
        } else if is_untaken(error) {
            Kind::Untaken
        } else {
            Kind::Broken
        };
        Self {
            kind,
            cause: chain(error),
        }
    }

    pub(super) fn too_slow(deadline: Duration) -> Self {
        Self {
            kind: Kind::TooSlow,
            cause: format!("no answer within {deadline:?}"),
        }
    }

    pub(super) fn of_the_client(code: Code, cause: String) -> Self {
        Self {
            kind: Kind::Client(code),
            cause,
        }
    }

    /// One of [`crate::metrics::FAILURE_KINDS`].
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::NoConnection => "no_connection",
            Kind::Untaken => "untaken",
            Kind::Broken => "broken",
            Kind::TooSlow => "too_slow",
            Kind::Client(_) => "client",
        }
    }

    pub(super) fn into_error(self, service: &str) -> ApiError {
        let code = match self.kind {
            Kind::NoConnection | Kind::Untaken => Code::ServiceUnavailable,
            Kind::Broken => Code::BadGateway,
            Kind::TooSlow => Code::UpstreamTimeout,
            Kind::Client(code) => code,
        };
        ApiError::new(code).because(format_args!("{service}: {}", self.cause))
    }
}

/// Whether the service never took the request: a connection on which it never spoke, or one that ended before the
/// request was begun.
fn is_untaken(error: &Error) -> bool {
    let Some(connection) = error.connect_info() else {
        return true;
    };
    let mut extras = Extensions::new();
    connection.get_extras(&mut extras);
    let heard = extras.get::<Heard>().is_some_and(Heard::anything);
    let hyper_error = error
        .source()
        .and_then(|cause| cause.downcast_ref::<hyper::Error>());
    !heard || hyper_error.is_some_and(hyper::Error::is_canceled)
}

/// The error and what caused it.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
