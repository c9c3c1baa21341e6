//! The watch that closes a connection when nothing moves on it; it counts against the caps while it is open.
//!
//! [`super::strict`] watches over requests; this watches over bytes: a peer that says nothing after the handshake, one
//! that never reads its answer (whatever else it sends meanwhile), one that went away without a word.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use super::connections::Permit;
use super::watched::Watch;

/// How long a peer may keep everything still.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts {
    pub(super) first_byte: Duration,
    /// A write that makes no progress.
    pub(super) write: Duration,
    pub(super) idle: Duration,
}

pub(super) struct Guard {
    timer: Pin<Box<Sleep>>,
    last_move: Instant,
    /// How long a peer may be silent now: short until its first byte, `idle` from then on.
    patience: Duration,
    timeouts: Timeouts,
    /// Since when the peer takes nothing of what is written.
    stalled: Option<Instant>,
    _permit: Permit,
}

impl Guard {
    pub(super) fn new(timeouts: Timeouts, permit: Permit) -> Self {
        let last_move = Instant::now();
        Self {
            timer: Box::pin(sleep(timeouts.first_byte)),
            last_move,
            patience: timeouts.first_byte,
            timeouts,
            stalled: None,
            _permit: permit,
        }
    }

    fn deadline(&self) -> Instant {
        let silence = self.last_move + self.patience;
        let stall = self.stalled.map(|since| since + self.timeouts.write);
        stall.map_or(silence, |stall| stall.min(silence))
    }

    /// Called when the stream has nothing to give or to take: an error once that has lasted too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let deadline = self.deadline();
            if deadline < self.timer.deadline() {
                self.timer.as_mut().reset(deadline);
            }
            ready!(self.timer.as_mut().poll(cx));
            if Instant::now() >= deadline {
                return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "nothing moved"));
            }
            // The timer is moved only when it fires, or would fire too late; not at every byte.
            self.timer.as_mut().reset(deadline);
        }
    }

    /// What became of a write.
    fn poll_written<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        self.stalled.get_or_insert_with(Instant::now);
        self.poll_silence(cx).map(Err)
    }

    fn moved(&mut self) {
        self.last_move = Instant::now();
    }
}

impl Watch for Guard {
    fn read(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<()>>,
        _received: &[u8],
    ) -> Poll<io::Result<()>> {
        if outcome.is_pending() {
            return self.poll_silence(cx).map(Err);
        }
        self.moved();
        self.patience = self.timeouts.idle;
        outcome
    }

    fn write(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
        _slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if outcome.is_ready() {
            self.moved();
        }
        self.poll_written(cx, outcome)
    }

    fn flush(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        self.poll_written(cx, outcome)
    }
}
