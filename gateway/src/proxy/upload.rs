//! The client's body on its way to a service: streamed, waited for no longer than is decent, and kept whole until the
//! first piece of it is asked for, so that a request that never left can be sent once more.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::LengthLimitError;
use service_kit::deadline::Deadline;
use service_kit::error::Code;
use service_kit::server::strict::BodyFault;
use tokio::time::{Instant, Sleep};
use tower_http::timeout::TimeoutError;

use super::failure::{Failure, chain};

/// What the sender of the request keeps of its body.
#[derive(Debug, Clone)]
pub(super) struct Upload(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Taken when the first piece is asked for.
    body: Mutex<Option<Body>>,
    fault: Mutex<Option<Failure>>,
    size: SizeHint,
    deadline: Deadline,
    /// How long the client is waited for, in all.
    wait: Duration,
}

impl Upload {
    pub(super) fn new(body: Body, deadline: Deadline, wait: Duration) -> Self {
        Self(Arc::new(Shared {
            size: body.size_hint(),
            body: Mutex::new(Some(body)),
            fault: Mutex::default(),
            deadline,
            wait,
        }))
    }

    /// Nothing of it has gone: it may be sent.
    pub(super) fn is_whole(&self) -> bool {
        lock(&self.0.body).is_some()
    }

    /// What was wrong with it. Not the service's fault.
    pub(super) fn fault(&self) -> Option<Failure> {
        lock(&self.0.fault).clone()
    }

    pub(super) fn body(&self) -> Body {
        Body::new(self.reader())
    }

    fn reader(&self) -> UploadBody {
        UploadBody {
            shared: Arc::clone(&self.0),
            body: None,
            waiting: None,
            left: self.0.wait,
        }
    }
}

struct UploadBody {
    shared: Arc<Shared>,
    body: Option<Body>,
    waiting: Option<Waiting>,
    left: Duration,
}

struct Waiting {
    since: Instant,
    end: Pin<Box<Sleep>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the client's body ended badly")]
struct Ended;

impl UploadBody {
    /// The client sends nothing: the service's time stands still, and the client's runs.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<Failure> {
        self.shared.deadline.hold();
        let left = self.left;
        let waiting = self.waiting.get_or_insert_with(|| Waiting {
            since: Instant::now(),
            end: Box::pin(tokio::time::sleep(left)),
        });
        waiting.end.as_mut().poll(cx).map(|()| {
            let cause = format!("the body was waited for {:?}", self.shared.wait);
            Failure::of_the_client(Code::RequestTimeout, cause)
        })
    }

    fn go_on(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.left = self.left.saturating_sub(waiting.since.elapsed());
            self.shared.deadline.go_on();
        }
    }

    fn fail(&mut self, failure: Failure) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        *lock(&self.shared.fault) = Some(failure);
        self.go_on();
        Poll::Ready(Some(Err(Ended)))
    }
}

impl http_body::Body for UploadBody {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        let this = &mut *self;
        if this.body.is_none() {
            this.body = lock(&this.shared.body).take();
        }
        loop {
            let Some(body) = &mut this.body else {
                return Poll::Ready(None);
            };
            match Pin::new(body).poll_frame(cx) {
                // Trailers are headers that no layer has looked at: the client's end here (RFC 9110 section 6.5.1).
                Poll::Ready(Some(Ok(frame))) if !frame.is_data() => {}
                Poll::Ready(Some(Ok(frame))) => {
                    this.go_on();
                    return Poll::Ready(Some(Ok(frame)));
                }
                Poll::Ready(Some(Err(error))) => return this.fail(fault_of(&error)),
                Poll::Ready(None) => {
                    this.go_on();
                    return Poll::Ready(None);
                }
                Poll::Pending => {
                    return match this.poll_patience(cx) {
                        Poll::Ready(failure) => this.fail(failure),
                        Poll::Pending => Poll::Pending,
                    };
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| self.shared.size, Body::size_hint)
    }
}

impl Drop for UploadBody {
    fn drop(&mut self) {
        self.go_on();
    }
}

/// Limits that a layer has put around the body speak through its error.
fn fault_of(error: &axum::Error) -> Failure {
    let mut code = Code::MalformedRequest;
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            code = Code::BodyTooLarge;
        } else if error.is::<TimeoutError>()
            || matches!(error.downcast_ref(), Some(BodyFault::TooSlow))
        {
            code = Code::RequestTimeout;
        }
        cause = error.source();
    }
    Failure::of_the_client(code, format!("the client's body: {}", chain(error)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
