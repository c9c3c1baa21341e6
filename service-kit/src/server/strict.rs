//! One strict reading of HTTP, in front of hyper's lenient one.
//!
//! - Threat: a request that two programs read differently is smuggled past the first (RFC 9112 section 11.2); a peer
//!   that is slow, silent or busy with nothing holds what others need.
//! - Rule: what has two readings is refused, and its connection ends. What was refused never reached hyper, so nothing
//!   behind it can be taken for a request.
//! - Answer when it refuses: 400, 408, 414, 431, 501 or 505 in the common body, once, and the connection is closed.
//!   Where HTTP/2 is flooded, or an answer is not read, the connection is closed without one.
//! - Settings: `HTTP_HEADER_SECONDS`, `HTTP_BODY_SECONDS`, `HTTP_WRITE_SECONDS`, `HTTP_IDLE_SECONDS`.
//! - Taught by lab 14 (OWASP API Top 10).
//!
//! Reading order: [`Requests`] (HTTP/1.1, without input or output), `head` and `chunks` below it; `conversation`
//! (HTTP/2); `gate` (the service that answers); `http1` and `http2` (the streams).

mod answer;
mod chunks;
mod conversation;
mod fault;
mod frames;
mod gate;
mod head;
mod http1;
mod http2;
mod ledger;
mod lines;
mod paced_body;
mod read_off;
mod refusal;
mod requests;
mod wire;

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

pub use fault::Fault;
pub use paced_body::BodyFault;
pub use requests::Requests;

pub(super) use gate::Gate;
pub(super) use ledger::Ledger;
pub(super) use refusal::language_of;
pub(super) use wire::Wire;

use super::Face;
use super::watched::Watched;
use crate::config::ServerConfig;
use conversation::Patience;
use http1::Http1;
use http2::Http2;

/// Puts the strict reading around a stream, for the version that was agreed on: HTTP/2 is spoken where ALPN says so,
/// and nowhere else (RFC 9113 section 3.2).
pub(super) fn around<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    speaks_http2: bool,
    face: Face,
    config: &ServerConfig,
    ledger: &Arc<Ledger>,
) -> Wire<S> {
    let ledger = Arc::clone(ledger);
    if !speaks_http2 {
        return Wire::Http1(Http1::new(stream, ledger, config.header_timeout));
    }
    let patience = Patience {
        header: config.header_timeout,
        write: config.write_timeout,
        idle: config.idle_timeout,
        trusted: face == Face::Inside,
    };
    Wire::Http2(Box::new(Watched::new(stream, Http2::new(ledger, patience))))
}
