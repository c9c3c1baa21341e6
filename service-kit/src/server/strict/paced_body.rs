//! A request body whose sender is waited for, and not for ever.
//!
//! A pause has its limit, and so has the waiting in all: a peer that sends a byte a second never pauses. Only the time
//! in which the peer has to send counts; while the service does not read, nobody is slow.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use super::Fault;
use super::read_off::read_off;

/// Bytes a second. A peer that is slower over all uses up the time that one pause may last.
const SLOWEST: u64 = 1024;

/// Why a body ended before its end. Not the service's fault, whatever it makes of it.
#[derive(Debug, thiserror::Error)]
pub enum BodyFault {
    #[error("the sender of the body was too slow")]
    TooSlow,
    #[error("the body ended badly")]
    Broken(#[source] hyper::Error),
}

/// Told to who answers the request, after the service has answered.
pub(super) type Found = Arc<OnceLock<Fault>>;

pub(super) struct PacedBody {
    /// `None` once it is being dropped.
    body: Option<Incoming>,
    /// What its reader leaves is read off.
    read_off: bool,
    patience: Duration,
    received: u64,
    /// Waited so far, without the waiting that goes on now.
    waited: Duration,
    waiting: Option<Waiting>,
    found: Found,
}

struct Waiting {
    since: Instant,
    end: Pin<Box<Sleep>>,
}

impl PacedBody {
    pub(super) fn new(body: Incoming, patience: Duration, read_off: bool) -> (Self, Found) {
        let found = Found::default();
        let paced = Self {
            body: Some(body),
            read_off,
            patience,
            received: 0,
            waited: Duration::ZERO,
            waiting: None,
            found: Arc::clone(&found),
        };
        (paced, found)
    }

    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (patience, received, waited) = (self.patience, self.received, self.waited);
        let waiting = self.waiting.get_or_insert_with(|| Waiting {
            since: Instant::now(),
            end: Box::pin(sleep(still(patience, received, waited))),
        });
        waiting.end.as_mut().poll(cx)
    }

    fn fail(
        &self,
        fault: Fault,
        error: BodyFault,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        // The first fault is the one that ends the body.
        let _ = self.found.set(fault);
        Poll::Ready(Some(Err(error)))
    }
}

/// How long the next piece is waited for.
fn still(patience: Duration, received: u64, waited: Duration) -> Duration {
    let earned = Duration::from_secs(received / SLOWEST);
    (patience + earned).saturating_sub(waited).min(patience)
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(body).poll_frame(cx);
        if polled.is_pending() {
            return match this.poll_patience(cx) {
                Poll::Ready(()) => this.fail(Fault::SlowBody, BodyFault::TooSlow),
                Poll::Pending => Poll::Pending,
            };
        }
        if let Some(waiting) = this.waiting.take() {
            this.waited += waiting.since.elapsed();
        }
        match polled {
            Poll::Ready(Some(Err(error))) => this.fail(Fault::BrokenBody, BodyFault::Broken(error)),
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                this.received += length as u64;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.as_ref();
        body.map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for PacedBody {
    fn drop(&mut self) {
        let body = self.body.take();
        if let Some(body) = body.filter(|body| !body.is_end_stream())
            && self.read_off
            && self.found.get().is_none()
        {
            read_off(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_has_its_limit_and_dripping_does_not_move_it() {
        let seconds = Duration::from_secs;
        let patience = seconds(8);
        assert_eq!(still(patience, 0, seconds(0)), seconds(8));
        assert_eq!(
            still(patience, 5, seconds(5)),
            seconds(3),
            "a byte a second"
        );
        assert_eq!(still(patience, 7, seconds(9)), seconds(0));
        assert_eq!(
            still(patience, 64 * 1024, seconds(60)),
            seconds(8),
            "slow, and steady enough"
        );
    }
}
