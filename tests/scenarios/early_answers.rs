//! Refusals over HTTP/2 that are there before the body has come: the client gets them, whatever it still sends.

use escale_tests::frames::{
    ACK, DATA, END_HEADERS, END_STREAM, Frame, HEADERS, RST_STREAM, SETTINGS, block, frame, get,
    opening, read, request,
};
use escale_tests::raw::{Kind, PATIENCE, Raw};
use escale_tests::{Plan, Town};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// `NO_ERROR`: the answer is whole, and no more of the body is wanted (RFC 9113 section 8.1).
const NO_ERROR: [u8; 4] = [0; 4];

/// An HTTP/2 connection and every byte that came on it.
struct Talk {
    stream: Raw,
    came: Vec<u8>,
}

impl Talk {
    async fn with(town: &Town) -> Self {
        let kind = Kind {
            http2: true,
            ..Kind::default()
        };
        let mut talk = Self {
            stream: town.raw(kind).await,
            came: Vec::new(),
        };
        talk.say(&[opening(&[]), frame(SETTINGS, ACK, 0, &[])])
            .await;
        talk
    }

    async fn say(&mut self, frames: &[Vec<u8>]) {
        self.stream.write_all(&frames.concat()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    async fn hear(&mut self, what: &str, heard: impl Fn(&Frame) -> bool) {
        let waiting = timeout(PATIENCE, async {
            while !read(&self.came).iter().any(&heard) {
                let more = self.stream.read_buf(&mut self.came).await.unwrap();
                assert_ne!(more, 0, "the connection has ended before {what}");
            }
        });
        waiting.await.unwrap_or_else(|_| panic!("no {what}"));
    }

    async fn hear_the_end_of(&mut self, number: u32) {
        let ends = |one: &Frame| matches!(one.kind, HEADERS | DATA) && one.flags & END_STREAM != 0;
        self.hear("whole answer", |one| one.stream == number && ends(one))
            .await;
    }

    fn resets(&self, number: u32) -> Vec<Vec<u8>> {
        let frames = read(&self.came).into_iter();
        let resets = frames.filter(|one| one.kind == RST_STREAM && one.stream == number);
        resets.map(|one| one.payload).collect()
    }
}

/// The head of a booking of nobody: refused before its body is looked at.
fn nobodys_booking() -> Vec<u8> {
    let headers = [
        (":method", "POST"),
        (":scheme", "https"),
        (":path", "/api/bookings"),
        (":authority", "localhost"),
        ("content-type", "application/json"),
    ];
    frame(HEADERS, END_HEADERS, 1, &block(&headers))
}

/// curl 7.88 took the reset for the outcome, and lost one refusal in six.
#[tokio::test]
async fn a_small_body_that_comes_after_its_refusal_is_taken_and_its_stream_never_reset() {
    let town = Town::planned(Plan::default()).await;
    let mut talk = Talk::with(&town).await;
    talk.say(&[nobodys_booking()]).await;
    talk.hear_the_end_of(1).await;
    talk.say(&[
        frame(DATA, 0, 1, &[b' '; 16_000]),
        frame(DATA, END_STREAM, 1, b"{}"),
        // Behind it, so that whatever the gateway says about the first has come with this one's answer.
        request(3, &get("/health")),
    ])
    .await;
    talk.hear_the_end_of(3).await;
    assert_eq!(talk.resets(1), Vec::<Vec<u8>>::new());
}

#[tokio::test]
async fn a_large_body_is_read_to_a_bound_and_the_connection_goes_on() {
    let town = Town::planned(Plan::default()).await;
    let mut talk = Talk::with(&town).await;
    talk.say(&[nobodys_booking()]).await;
    talk.hear_the_end_of(1).await;
    for _ in 0..5 {
        talk.say(&[frame(DATA, 0, 1, &[b' '; 16_000])]).await;
    }
    talk.hear("reset", |one| one.kind == RST_STREAM).await;
    assert_eq!(talk.resets(1), [NO_ERROR]);
    talk.say(&[request(3, &get("/health"))]).await;
    talk.hear_the_end_of(3).await;
}

#[tokio::test]
async fn a_refused_body_that_never_comes_does_not_hold_its_stream() {
    let town = Town::planned(Plan::default()).await;
    let mut talk = Talk::with(&town).await;
    talk.say(&[nobodys_booking()]).await;
    talk.hear("reset", |one| one.kind == RST_STREAM).await;
    assert_eq!(talk.resets(1), [NO_ERROR]);
}
