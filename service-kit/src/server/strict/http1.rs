//! Stands between TLS and hyper on an HTTP/1.1 connection and hands on only what [`Requests`] lets through.
//!
//! A refused head never reaches hyper. In its place hyper gets a request of ours, which [`super::gate`] knows by its
//! number and answers with the refusal: so the answers to the requests before it come first, whole and in order. Were
//! the number ever wrong, that request would ask for a path without a route, in nobody's name.

use std::future::Future;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::ledger::Ledger;
use super::refusal::language_of;
use super::{Fault, Requests};

const STAND_IN: &[u8] = b"GET /refused HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";
/// What is read at one time.
const PIECE: usize = 8 * 1024;
/// After the last answer the peer may still be sending: a close with unread bytes is a reset, which can destroy the
/// answer before it is read (RFC 9112 section 9.6). So its rest is read and dropped, for so long and so much.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 256 * 1024;

pub(in crate::server) struct Http1<S> {
    stream: S,
    requests: Requests,
    ready: BytesMut,
    ledger: Arc<Ledger>,
    header_timeout: Duration,
    /// Runs from a head's first byte on, and is not moved by the bytes that follow. With the head's number.
    head_timer: Option<(u64, Pin<Box<Sleep>>)>,
    broken: bool,
    linger: Option<Linger>,
}

struct Linger {
    end: Pin<Box<Sleep>>,
    left: usize,
}

impl<S> Http1<S> {
    pub(in crate::server) fn new(stream: S, ledger: Arc<Ledger>, header_timeout: Duration) -> Self {
        Self {
            stream,
            requests: Requests::default(),
            ready: BytesMut::new(),
            ledger,
            header_timeout,
            head_timer: None,
            broken: false,
            linger: None,
        }
    }

    /// A refused head gets its answer. A body that breaks fails where it is read, in the service.
    fn refuse(&mut self, fault: Fault) {
        self.head_timer = None;
        if self.requests.is_refused_in_a_head() {
            let language = language_of(self.requests.held());
            self.ledger
                .refuse(self.requests.begun() + 1, fault, language);
            self.ready.extend_from_slice(STAND_IN);
        } else {
            self.ledger.give_up(fault);
            self.broken = true;
        }
    }

    /// Arms the timer where a head has begun, disarms it where it has ended; tells whether its time is over.
    fn poll_head_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.requests.is_in_a_head() {
            self.head_timer = None;
            return Poll::Pending;
        }
        let number = self.requests.begun();
        if self.head_timer.as_ref().is_none_or(|(of, _)| *of != number) {
            self.head_timer = Some((number, Box::pin(sleep(self.header_timeout))));
        }
        let timer = self.head_timer.as_mut().map(|(_, timer)| timer);
        timer.map_or(Poll::Pending, |timer| timer.as_mut().poll(cx))
    }
}

impl<S: AsyncRead + Unpin> Http1<S> {
    /// A body of known length goes straight to hyper, without another look and without a copy.
    fn poll_body(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
        left: u64,
    ) -> Poll<io::Result<()>> {
        let room = buffer.remaining();
        let room = usize::try_from(left).map_or(room, |left| left.min(room));
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(room));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let length = part.filled().len();
        buffer.advance(length);
        self.requests.passed_by(length as u64);
        Poll::Ready(Ok(()))
    }

    /// Reads one piece and judges it. `false` at the end of the stream.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut piece = [MaybeUninit::uninit(); PIECE];
        let mut piece = ReadBuf::uninit(&mut piece);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut piece))?;
        if piece.filled().is_empty() {
            return Poll::Ready(Ok(false));
        }
        if let Err(fault) = self.requests.take(piece.filled(), &mut self.ready) {
            self.refuse(fault);
        }
        Poll::Ready(Ok(true))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Http1<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.ready.is_empty() {
                let length = this.ready.len().min(buffer.remaining());
                buffer.put_slice(&this.ready[..length]);
                this.ready.advance(length);
                return Poll::Ready(Ok(()));
            }
            if this.broken {
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    Fault::Chunk,
                )));
            }
            if this.requests.is_refused() {
                // hyper has all that it will get. The answer moves it on, and ends the connection.
                return Poll::Pending;
            }
            if let Some(left) = this.requests.unread_length() {
                return this.poll_body(cx, buffer, left);
            }
            match this.poll_piece(cx) {
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(ended) => return Poll::Ready(ended.map(drop)),
                Poll::Pending => {
                    ready!(this.poll_head_timer(cx));
                    this.requests.refuse();
                    this.refuse(Fault::SlowHead);
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Http1<S> {
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let linger = self.linger.get_or_insert_with(|| Linger {
            end: Box::pin(tokio::time::sleep_until(Instant::now() + LINGER)),
            left: LINGER_BYTES,
        });
        let mut piece = [MaybeUninit::uninit(); PIECE];
        loop {
            let mut piece = ReadBuf::uninit(&mut piece);
            match Pin::new(&mut self.stream).poll_read(cx, &mut piece) {
                Poll::Ready(Ok(())) if !piece.filled().is_empty() && linger.left > 0 => {
                    linger.left = linger.left.saturating_sub(piece.filled().len());
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return linger.end.as_mut().poll(cx),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Http1<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        self.poll_linger(cx).map(Ok)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
