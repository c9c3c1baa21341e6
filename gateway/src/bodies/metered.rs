//! A body that is counted and timed while it is read, and cut where it goes beyond its bounds.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::{Buf, Bytes};
use http_body::{Frame, SizeHint};
use service_kit::error::{ApiError, Code};
use service_kit::server::strict;
use tokio::time::{Instant, Sleep, sleep_until};

/// Why a body was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    #[error("the body is longer than the route allows")]
    TooLarge,
    #[error("the body did not end in time")]
    TooSlow,
}

impl From<BodyFault> for ApiError {
    fn from(fault: BodyFault) -> Self {
        let code = match fault {
            BodyFault::TooLarge => Code::BodyTooLarge,
            BodyFault::TooSlow => Code::RequestTimeout,
        };
        Self::new(code).because(fault)
    }
}

/// Tells who made the body whether it was cut. The error itself is lost on the way: to the connection upstream it is
/// no more than a body that ended too soon, which looks like a failure of the service.
#[derive(Debug, Clone, Default)]
pub struct Verdict(Arc<OnceLock<BodyFault>>);

impl Verdict {
    pub fn fault(&self) -> Option<BodyFault> {
        self.0.get().copied()
    }
}

#[derive(Debug)]
pub struct Metered {
    inner: Body,
    /// Bytes that may still come.
    left: u64,
    deadline: Instant,
    /// Made when the body is waited for: most bodies are there at once.
    timer: Option<Pin<Box<Sleep>>>,
    verdict: Verdict,
}

impl Metered {
    /// At most `most` bytes, within `patience` from now on. Time counts for the whole body: with a pause alone, a body
    /// of one byte in nine seconds would hold its connection for a day.
    pub fn new(inner: Body, most: u64, patience: Duration) -> (Self, Verdict) {
        let verdict = Verdict::default();
        let body = Self {
            inner,
            left: most,
            deadline: Instant::now() + patience,
            timer: None,
            verdict: verdict.clone(),
        };
        (body, verdict)
    }

    /// No more is read: what was cut stays cut.
    fn cut(&mut self, fault: BodyFault) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.verdict.0.get_or_init(|| fault);
        self.inner = Body::empty();
        self.timer = None;
        Poll::Ready(Some(Err(axum::Error::new(fault))))
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        timer.as_mut().poll(cx)
    }
}

impl http_body::Body for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Buf::remaining) as u64;
                let Some(left) = self.left.checked_sub(length) else {
                    return self.cut(BodyFault::TooLarge);
                };
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) if server_gave_up(&error) => self.cut(BodyFault::TooSlow),
            Poll::Pending if self.poll_deadline(cx).is_ready() => self.cut(BodyFault::TooSlow),
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The server itself may have lost its patience with the sender first.
fn server_gave_up(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if matches!(error.downcast_ref(), Some(strict::BodyFault::TooSlow)) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::BodyExt;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn pieces(lengths: &[usize]) -> Body {
        let pieces: Vec<_> = lengths
            .iter()
            .map(|length| Ok::<_, std::io::Error>(vec![b'x'; *length]))
            .collect();
        Body::from_stream(stream::iter(pieces))
    }

    type Read = (Result<usize, ()>, Option<BodyFault>);

    async fn read(body: Body, most: u64) -> Read {
        read_within(PATIENCE, body, most).await
    }

    async fn read_within(patience: Duration, body: Body, most: u64) -> Read {
        let (body, verdict) = Metered::new(body, most, patience);
        let read = tokio::time::timeout(PATIENCE, body.collect());
        let read = read.await.expect("a body ends or is cut");
        let length = read.map(|all| all.to_bytes().len()).map_err(|_| ());
        (length, verdict.fault())
    }

    #[tokio::test]
    async fn a_body_is_read_to_its_last_byte_and_cut_at_one_more() {
        assert_eq!(read(pieces(&[4, 6]), 10).await, (Ok(10), None));
        let cut = (Err(()), Some(BodyFault::TooLarge));
        assert_eq!(read(pieces(&[4, 6, 1]), 10).await, cut);
        assert_eq!(read(pieces(&[11]), 10).await, cut);
        assert_eq!(read(pieces(&[0, 0]), 0).await, (Ok(0), None));
        assert_eq!(read(pieces(&[1]), 0).await, cut);
    }

    #[tokio::test]
    async fn a_body_that_drips_is_cut_at_the_deadline_however_short_its_pauses() {
        let drip = stream::unfold((), async |()| {
            tokio::task::yield_now().await;
            Some((Ok::<_, std::io::Error>("x"), ()))
        });
        let answer = read_within(Duration::ZERO, Body::from_stream(drip), u64::MAX).await;
        assert_eq!(answer, (Err(()), Some(BodyFault::TooSlow)));
    }

    #[tokio::test]
    async fn a_body_that_never_comes_is_cut_at_the_deadline() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let answer = read_within(Duration::ZERO, silent, 10).await;
        assert_eq!(answer.1, Some(BodyFault::TooSlow));
    }
}
