//! A request's body whose sender is waited for: meanwhile the deadline stands still.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};

use super::Deadline;

/// Holds the deadline from the moment at which a reader finds nothing to read until there is something. A reader who
/// does not ask holds nothing: a service that leaves a body lying has its time counted.
#[derive(Debug)]
pub struct Awaited<B> {
    body: B,
    deadline: Deadline,
}

impl<B> Awaited<B> {
    pub fn new(body: B, deadline: Deadline) -> Self {
        Self { body, deadline }
    }
}

impl<B: Body + Unpin> Body for Awaited<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_pending() {
            self.deadline.hold();
        } else {
            self.deadline.go_on();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whoever drops the body waits for nobody any more.
impl<B> Drop for Awaited<B> {
    fn drop(&mut self) {
        self.deadline.go_on();
    }
}
