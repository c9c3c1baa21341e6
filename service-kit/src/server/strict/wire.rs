//! One connection's bytes, read strictly in the version that its two sides have agreed on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::http1::Http1;
use super::http2::Http2;
use crate::server::watched::Watched;

pub(in crate::server) enum Wire<S> {
    Http1(Http1<S>),
    Http2(Box<Watched<S, Http2>>),
}

/// Calls the same method of whichever it is.
macro_rules! either {
    ($wire:expr, $method:ident ( $($argument:expr),* )) => {
        match $wire.get_mut() {
            Wire::Http1(wire) => Pin::new(wire).$method($($argument),*),
            Wire::Http2(wire) => Pin::new(&mut **wire).$method($($argument),*),
        }
    };
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, poll_read(cx, buffer))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, poll_write(cx, data))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, poll_shutdown(cx))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Http1(wire) => wire.is_write_vectored(),
            Self::Http2(wire) => wire.is_write_vectored(),
        }
    }
}
