use super::*;
use crate::server::strict::frames::{PING, SETTINGS};

const PATIENCE: Patience = Patience {
    header: Duration::from_secs(8),
    write: Duration::from_secs(6),
    idle: Duration::from_secs(60),
    trusted: false,
};

const END_HEADERS: u8 = 0x4;
const END_BOTH: u8 = 0x5;

fn frame(kind: u8, flags: u8, stream: u32, length: u32) -> Vec<u8> {
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend_from_slice(&[kind, flags]);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.resize(9 + length as usize, 0);
    frame
}

struct Talk {
    conversation: Conversation,
    now: Instant,
}

impl Talk {
    fn begin() -> Self {
        Self::with(PATIENCE)
    }

    fn with(patience: Patience) -> Self {
        let now = Instant::now();
        let mut talk = Self {
            conversation: Conversation::new(patience, now),
            now,
        };
        assert_eq!(talk.receive(PREFACE), Ok(()));
        talk
    }

    fn receive(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.conversation.receive(bytes, self.now)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.conversation.send(bytes, self.now);
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    /// Seconds until patience ends.
    fn deadline(&self) -> Option<(u64, Fault)> {
        let (end, fault) = self.conversation.deadline()?;
        Some((end.saturating_duration_since(self.now).as_secs(), fault))
    }

    fn flood(&mut self, frame: &[u8]) -> usize {
        (1..=20_000)
            .find(|_| self.receive(frame).is_err())
            .expect("the flood is ended")
    }
}

#[test]
fn what_is_not_the_preface_ends_the_connection() {
    let now = Instant::now();
    for other in ["GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\nX"] {
        let mut conversation = Conversation::new(PATIENCE, now);
        let heard = other
            .as_bytes()
            .chunks(1)
            .try_for_each(|byte| conversation.receive(byte, now));
        assert_eq!(heard, Err(Fault::NoPreface));
    }
}

#[test]
fn frames_that_carry_nothing_are_counted_together() {
    for (kind, flags, length) in [
        (PING, 0, 8),
        (SETTINGS, 0, 0),
        (DATA, 0, 0),
        (RST_STREAM, 0, 4),
        (CONTINUATION, 0, 0),
        (0x2, 0, 5),
        (0x8, 0, 4),
        (0xfa, 0, 0),
    ] {
        let ended_after = Talk::begin().flood(&frame(kind, flags, 1, length));
        assert!((900..1_200).contains(&ended_after), "{kind}: {ended_after}");
    }
}

/// Proves: edge-http2
#[test]
fn streams_that_are_opened_and_reset_end_the_connection() {
    let mut talk = Talk::begin();
    let reset = (0..10_000_u32).find(|number| {
        let stream = number * 2 + 1;
        let pair = [
            frame(HEADERS, END_BOTH, stream, 10),
            frame(RST_STREAM, 0, stream, 4),
        ];
        talk.receive(&pair.concat()).is_err()
    });
    assert!(reset.is_some_and(|number| number < 1_200), "{reset:?}");
}

#[test]
fn acknowledgements_requests_and_what_answers_data_are_no_flood() {
    let mut talk = Talk::begin();
    for number in 0..10_000_u32 {
        let stream = number * 2 + 1;
        let ask = [
            frame(HEADERS, END_BOTH, stream, 10),
            frame(PING, 1, 0, 8),
            frame(SETTINGS, 1, 0, 0),
            frame(0x8, 0, 0, 4),
            frame(0x8, 0, stream, 4),
        ];
        assert_eq!(talk.receive(&ask.concat()), Ok(()), "request {number}");
        let answer = [
            frame(HEADERS, END_HEADERS, stream, 10),
            frame(DATA, 1, stream, 100),
        ];
        talk.send(&answer.concat());
    }
    assert_eq!(talk.deadline(), Some((60, Fault::Idle)));
}

#[test]
fn a_trusted_peer_may_cancel_and_stay_idle() {
    let mut talk = Talk::with(Patience {
        trusted: true,
        ..PATIENCE
    });
    for _ in 0..5_000 {
        assert_eq!(talk.receive(&frame(RST_STREAM, 0, 1, 4)), Ok(()));
    }
    assert_eq!(talk.deadline(), None);
}

/// Proves: edge-http2
#[test]
fn a_header_block_without_an_end_is_ended_by_its_length_and_by_its_time() {
    let mut talk = Talk::begin();
    assert_eq!(talk.receive(&frame(HEADERS, 0, 1, 16_384)), Ok(()));
    let more = frame(CONTINUATION, 0, 1, 16_384);
    let heard = (0..10).try_for_each(|_| talk.receive(&more));
    assert_eq!(heard, Err(Fault::HeadTooLong));

    let mut talk = Talk::begin();
    assert_eq!(talk.receive(&frame(HEADERS, 0, 1, 10)[..12]), Ok(()));
    talk.pass(5);
    assert_eq!(talk.receive(&[0]), Ok(()));
    assert_eq!(
        talk.deadline(),
        Some((3, Fault::SlowHead)),
        "the drip moved nothing"
    );
}

#[test]
fn an_answer_that_is_not_taken_ends_the_connection_and_pings_do_not_help() {
    let mut talk = Talk::begin();
    assert_eq!(talk.receive(&frame(HEADERS, END_BOTH, 1, 10)), Ok(()));
    talk.pass(30);
    assert_eq!(talk.deadline(), None, "the answer is ours to give");
    talk.send(&frame(HEADERS, END_HEADERS, 1, 10));
    assert_eq!(talk.deadline(), Some((6, Fault::UnreadAnswer)));
    talk.pass(4);
    assert_eq!(talk.receive(&frame(PING, 0, 0, 8)), Ok(()));
    talk.send(&frame(PING, 1, 0, 8));
    assert_eq!(talk.deadline(), Some((2, Fault::UnreadAnswer)));
    talk.send(&frame(DATA, 0, 1, 100));
    assert_eq!(talk.deadline(), Some((6, Fault::UnreadAnswer)));
    talk.send(&frame(DATA, 1, 1, 0));
    assert_eq!(talk.deadline(), Some((60, Fault::Idle)));
    talk.pass(50);
    assert_eq!(talk.receive(&frame(PING, 0, 0, 8)), Ok(()));
    assert_eq!(talk.deadline(), Some((10, Fault::Idle)));
}

#[test]
fn a_stream_that_is_reset_is_waited_for_no_longer() {
    let mut talk = Talk::begin();
    assert_eq!(talk.receive(&frame(HEADERS, END_BOTH, 1, 10)), Ok(()));
    talk.send(&frame(HEADERS, END_HEADERS, 1, 10));
    assert_eq!(talk.receive(&frame(RST_STREAM, 0, 1, 4)), Ok(()));
    assert_eq!(talk.deadline(), Some((60, Fault::Idle)));
}
