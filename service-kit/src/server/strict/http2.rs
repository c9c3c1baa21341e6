//! Watches over an HTTP/2 connection between TLS and hyper, which ends when the [`Conversation`] has become one that nobody should have to carry on.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep_until};

use super::Fault;
use super::conversation::{Conversation, Patience};
use super::ledger::Ledger;
use crate::server::watched::Watch;

pub(in crate::server) struct Http2 {
    conversation: Conversation,
    patience: Patience,
    timer: Pin<Box<Sleep>>,
    ledger: Arc<Ledger>,
}

impl Http2 {
    pub(in crate::server) fn new(ledger: Arc<Ledger>, patience: Patience) -> Self {
        let conversation = Conversation::new(patience, Instant::now());
        let timer = Box::pin(sleep_until(Instant::now() + patience.header));
        Self {
            conversation,
            patience,
            timer,
            ledger,
        }
    }

    fn end(&self, fault: Fault) -> io::Error {
        self.ledger.give_up(fault);
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }

    /// Asked while nothing comes. The timer is moved when it would ring too late, or has rung too early; it is never
    /// without a waker, so that [`Http2::ring_earlier`] needs none.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<Fault> {
        loop {
            self.ring_earlier();
            ready!(self.timer.as_mut().poll(cx));
            let now = Instant::now();
            match self.conversation.deadline() {
                Some((end, _)) if end > now => self.timer.as_mut().reset(end),
                // It may be an answer of ours that is late, so nobody is blamed now.
                Some((_, Fault::UnreadAnswer)) if self.ledger.waits_for_us() => {
                    self.timer.as_mut().reset(now + self.patience.write);
                    return self.timer.as_mut().poll(cx).map(|()| Fault::UnreadAnswer);
                }
                Some((_, fault)) => return Poll::Ready(fault),
                None => self.timer.as_mut().reset(now + self.patience.idle),
            }
        }
    }

    /// After an answer was sent nothing may come for ever, so the timer cannot wait for the next read.
    fn ring_earlier(&mut self) {
        if let Some((end, _)) = self.conversation.deadline()
            && end < self.timer.deadline()
            && end > Instant::now()
        {
            self.timer.as_mut().reset(end);
        }
    }

    fn note_sent(&mut self, written: &Poll<io::Result<usize>>, slices: &[IoSlice<'_>]) {
        let Poll::Ready(Ok(mut left)) = *written else {
            return;
        };
        let now = Instant::now();
        for slice in slices {
            let length = slice.len().min(left);
            self.conversation.send(&slice[..length], now);
            left -= length;
        }
        self.ring_earlier();
    }
}

impl Watch for Http2 {
    fn read(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<()>>,
        received: &[u8],
    ) -> Poll<io::Result<()>> {
        match outcome {
            Poll::Ready(Ok(())) => {
                let heard = self.conversation.receive(received, Instant::now());
                Poll::Ready(heard.map_err(|fault| self.end(fault)))
            }
            Poll::Ready(Err(_)) => outcome,
            Poll::Pending => self.poll_patience(cx).map(|fault| Err(self.end(fault))),
        }
    }

    fn write(
        &mut self,
        _cx: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.note_sent(&outcome, slices);
        outcome
    }
}
