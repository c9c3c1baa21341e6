//! An HTTP/2 answer that says whether its next piece has to come from us.
//!
//! A peer that takes an answer and never opens its flow-control window keeps the answer in our memory for as long as it
//! likes (CVE-2019-9511, CVE-2019-9517). The connection is closed for that, but not for an answer that we are late with.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::ledger::Ledger;

pub(super) struct Answer {
    body: Body,
    ledger: Arc<Ledger>,
    late: bool,
}

impl Answer {
    pub(super) fn new(body: Body, ledger: &Arc<Ledger>) -> Self {
        Self {
            body,
            ledger: Arc::clone(ledger),
            late: false,
        }
    }

    fn is_late(&mut self, late: bool) {
        match (std::mem::replace(&mut self.late, late), late) {
            (false, true) => self.ledger.wait_for_us(),
            (true, false) => self.ledger.go_on(),
            _ => {}
        }
    }
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.is_late(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.is_late(false);
    }
}
