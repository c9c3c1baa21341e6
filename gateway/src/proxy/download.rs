//! A service's answer on its way to the client: streamed, at the client's own pace, and never ended as if it were whole
//! when it is not.
//!
//! What ends early is an error of the body, which the server turns into a reset stream (HTTP/2) or a connection closed
//! without the last chunk (HTTP/1.1). A service that falls silent in the middle is given up after a pause; a client
//! that does not read takes its own time, which the server's limits end.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use super::failure::chain;
use super::pool::Place;
use crate::metrics::UPSTREAM_BROKEN_ANSWERS;

pub(super) struct Download {
    body: Incoming,
    /// Given back at the end.
    place: Option<Place>,
    /// The longest silence.
    pause: Duration,
    silence: Option<Pin<Box<Sleep>>>,
    origin: Origin,
}

/// For the log, which has had the request's own line by then.
pub(super) struct Origin {
    pub(super) service: &'static str,
    pub(super) request_id: Option<HeaderValue>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    #[error("the service was silent for {0:?}")]
    Silent(Duration),
    #[error("the answer broke off: {}", chain(.0))]
    Broken(hyper::Error),
}

impl Download {
    pub(super) fn body(body: Incoming, place: Place, pause: Duration, origin: Origin) -> Body {
        if body.is_end_stream() {
            return Body::empty();
        }
        Body::new(Self {
            body,
            place: Some(place),
            pause,
            silence: None,
            origin,
        })
    }

    fn cut(&mut self, cut: Cut) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let Origin {
            service,
            request_id,
        } = &self.origin;
        let request_id = request_id.as_ref().and_then(|id| id.to_str().ok());
        tracing::warn!(service, request_id, cause = %cut, "an answer was cut short");
        metrics::counter!(UPSTREAM_BROKEN_ANSWERS, "service" => *service).increment(1);
        self.place = None;
        Poll::Ready(Some(Err(cut)))
    }
}

impl http_body::Body for Download {
    type Data = Bytes;
    type Error = Cut;

    /// The body is asked before the timer: what has come in while the client did not read is no silence.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.silence = None;
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => this.cut(Cut::Broken(error)),
            Poll::Ready(None) => {
                this.place = None;
                Poll::Ready(None)
            }
            Poll::Pending => {
                let pause = this.pause;
                let silence = this
                    .silence
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
                match silence.as_mut().poll(cx) {
                    Poll::Ready(()) => this.cut(Cut::Silent(pause)),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
