//! What becomes of a client's body.

use futures_util::{FutureExt, StreamExt, stream};
use http_body_util::{BodyExt, Limited};
use tokio::sync::mpsc::unbounded_channel;
use tower_http::timeout::TimeoutBody;

use super::*;
use crate::proxy::failure::Kind;

const PATIENCE: Duration = Duration::from_secs(60);

fn upload(body: Body, wait: Duration) -> Upload {
    Upload::new(body, Deadline::within(PATIENCE), wait)
}

fn endless() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>())
}

#[tokio::test]
async fn a_body_of_which_nothing_was_asked_for_is_whole_and_can_go_again() {
    let upload = upload(Body::from("abc"), PATIENCE);
    drop(upload.body());
    assert!(upload.is_whole());
    let sent = upload.body().collect().await.expect("a body").to_bytes();
    assert_eq!(sent, "abc");
    assert!(!upload.is_whole());
}

#[tokio::test]
async fn its_length_is_known_before_it_is_asked_for() {
    let upload = upload(Body::from("abc"), PATIENCE);
    assert_eq!(upload.body().size_hint().exact(), Some(3));
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_waited_for_and_then_given_up() {
    let upload = upload(endless(), Duration::ZERO);
    upload.body().collect().await.expect_err("nothing comes");
    let fault = upload.fault().expect("a fault");
    assert_eq!(fault.kind, Kind::Client(Code::RequestTimeout));
}

/// The pauses are added up: a byte now and then does not buy time.
#[tokio::test]
async fn a_client_that_drips_is_given_up_as_well() {
    const PAUSE: Duration = Duration::from_secs(3);
    let (drops, mut falling) = unbounded_channel();
    let drip = stream::poll_fn(move |cx| falling.poll_recv(cx));
    let drip = Body::from_stream(drip.map(Ok::<&str, std::io::Error>));
    let upload = upload(drip, 3 * PAUSE);
    let mut reader = upload.reader();
    for paused in 1..=3 {
        assert!(reader.frame().now_or_never().is_none(), "nothing has come");
        // Time is moved, and not waited for.
        reader.waiting.as_mut().expect("it waits").since -= PAUSE;
        drops.send("x").expect("it is read");
        let drop = reader.frame().now_or_never().flatten();
        drop.expect("a drop").expect("the client has time left");
        assert!(reader.left <= (3 - paused) * PAUSE, "{:?}", reader.left);
    }
    reader.collect().await.expect_err("it never ends");
    assert!(upload.fault().is_some());
}

#[tokio::test]
async fn the_limits_of_other_layers_keep_their_codes() {
    let long = Body::new(Limited::new(Body::from("abcd"), 3));
    let slow = Body::new(TimeoutBody::new(Duration::ZERO, endless()));
    let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("reset"))]);
    for (body, code) in [
        (long, Code::BodyTooLarge),
        (slow, Code::RequestTimeout),
        (Body::from_stream(broken), Code::MalformedRequest),
    ] {
        let upload = upload(body, PATIENCE);
        upload.body().collect().await.expect_err("a bad end");
        let fault = upload.fault().expect("a fault");
        assert_eq!(fault.kind, Kind::Client(code));
    }
}

/// Until the clock shows another time than now.
fn a_tick() {
    let begun = Instant::now();
    while begun.elapsed().is_zero() {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn the_services_time_stands_still_while_the_client_is_waited_for() {
    let upload = upload(endless(), PATIENCE);
    let mut body = upload.body();
    let first = body.frame().now_or_never();
    assert!(first.is_none(), "nothing comes");
    let held = upload.0.deadline.remaining();
    a_tick();
    assert_eq!(upload.0.deadline.remaining(), held);
    drop(body);
    a_tick();
    assert!(upload.0.deadline.remaining() < held);
}
