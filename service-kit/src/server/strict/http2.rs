//! Stands between TLS and hyper on an HTTP/2 connection: bytes pass as they are, and the connection ends when the
//! [`Conversation`] has become one that nobody should have to carry on.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Fault;
use super::conversation::{Conversation, Patience};
use super::ledger::Ledger;

pub(in crate::server) struct Http2<S> {
    stream: S,
    conversation: Conversation,
    patience: Patience,
    timer: Pin<Box<Sleep>>,
    ledger: Arc<Ledger>,
}

impl<S> Http2<S> {
    pub(in crate::server) fn new(stream: S, ledger: Arc<Ledger>, patience: Patience) -> Self {
        let conversation = Conversation::new(patience, Instant::now());
        let timer = Box::pin(sleep_until(Instant::now() + patience.header));
        Self {
            stream,
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

    fn note_sent(&mut self, written: &Poll<io::Result<usize>>, slices: &[io::IoSlice<'_>]) {
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

impl<S: AsyncRead + Unpin> AsyncRead for Http2<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let received = &buffer.filled()[before..];
                let heard = this.conversation.receive(received, Instant::now());
                Poll::Ready(heard.map_err(|fault| this.end(fault)))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => this.poll_patience(cx).map(|fault| Err(this.end(fault))),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Http2<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, data);
        self.note_sent(&written, &[io::IoSlice::new(data)]);
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note_sent(&written, slices);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
