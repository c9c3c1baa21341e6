//! What becomes of an HTTP/2 request's body whose reader has gone: a small one is still read, so that the answer arrives.
//!
//! Who answers before the body has come may stop reading it, and says so by resetting the stream without an error
//! (RFC 9113 section 8.1). Some clients then report the reset instead of the answer that they already have: curl 7.88
//! lost one refusal in six. The answer itself does not wait for any of this. HTTP/1.1 has [`super::http1`]'s own.

use std::time::Duration;

use bytes::Buf;
use http_body::Body;
use http_body_util::BodyExt;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// More than any form of ours.
const MOST: usize = 64 * 1024;
/// What is on its way has come by then. So long the stream counts among its connection's open ones, which are bounded.
const WITHIN: Duration = Duration::from_secs(1);

/// Reads on in the background.
pub(super) fn read_off<B>(body: B)
where
    B: Body + Send + Unpin + 'static,
    B::Data: Send,
{
    // Without a runtime there is no connection either.
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(timeout(WITHIN, to_the_end(body, MOST)));
    }
}

/// Until its end, its fault, or the bound.
async fn to_the_end<B: Body + Unpin>(mut body: B, mut left: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Buf::remaining);
        match left.checked_sub(length) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bytes::Bytes;
    use futures_util::stream;
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;

    /// So many pieces of 1,000 bytes, and how many of them were taken.
    fn pieces(number: usize) -> (impl Body<Data = Bytes> + Unpin, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let piece = move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            let data = Bytes::from_static(&[b' '; 1_000]);
            Ok::<_, std::convert::Infallible>(Frame::data(data))
        };
        let all = stream::iter((0..number).map(piece));
        (StreamBody::new(all), taken)
    }

    #[tokio::test]
    async fn a_small_body_is_taken_whole_and_an_endless_one_to_the_bound() {
        for (number, expected) in [(0, 0), (3, 3), (10, 10), (11, 11), (usize::MAX, 11)] {
            let (body, taken) = pieces(number);
            to_the_end(body, 10_000).await;
            assert_eq!(taken.load(Ordering::Relaxed), expected);
        }
    }
}
