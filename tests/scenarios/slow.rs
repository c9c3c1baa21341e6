//! Peers that are slow in every way there is, with the settings as they come: closed within ten seconds, and nobody
//! else waits for them.

use std::time::{Duration, Instant};

use escale_tests::Town;
use escale_tests::frames::{
    ACK, END_STREAM, Frame, HEADERS, PING, SETTINGS, WINDOW, block, frame, get, opening, read,
    request,
};
use escale_tests::raw::{Kind, PATIENCE, Raw};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(2);

const HTTP1: Kind = Kind {
    http2: false,
    small_buffer: false,
};
const HTTP2: Kind = Kind {
    http2: true,
    small_buffer: false,
};

/// Sends a byte at a time, as slowly as a slowloris does, until the peer closes; gives what came meanwhile.
async fn drip(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), byte: &[u8]) -> String {
    let mut ticks = interval(Duration::from_millis(500));
    let mut answer = Vec::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                // Once it is closed, what came before is still to be read.
                let _ = stream.write_all(byte).await;
                let _ = stream.flush().await;
            }
            read = stream.read_buf(&mut answer) => {
                if matches!(read, Ok(0) | Err(_)) {
                    return String::from_utf8_lossy(&answer).into_owned();
                }
            }
        }
    }
}

async fn assert_closed_in_time(name: &str, work: impl Future<Output = ()>) {
    let begun = Instant::now();
    assert!(
        timeout(PATIENCE + SLACK, work).await.is_ok(),
        "{name}: still open after {:?}",
        begun.elapsed()
    );
    eprintln!("{name}: closed after {:?}", begun.elapsed());
}

async fn silent_before_tls(town: &Town) {
    let mut stream = TcpStream::connect(town.address("gateway")).await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

async fn silent_after_tls(town: &Town, kind: Kind) {
    let _ = town.raw(kind).await.read_to_end(&mut Vec::new()).await;
}

async fn dripping(town: &Town, kind: Kind, beginning: &[u8], byte: &[u8]) {
    let mut stream = town.raw(kind).await;
    stream.write_all(beginning).await.unwrap();
    drip(&mut stream, byte).await;
}

/// Asks and asks, and reads no answer: the writes fail when the gateway has given up.
async fn never_reading(town: &Town) {
    let mut stream = town
        .raw(Kind {
            small_buffer: true,
            ..HTTP1
        })
        .await;
    let ask = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50);
    while stream.write_all(ask.as_bytes()).await.is_ok() {}
}

/// Takes the head of an answer and opens no window for its body. It answers pings, so it is alive.
async fn never_opening_a_window(town: &Town) {
    let mut stream = town.raw(HTTP2).await;
    let asked = [
        opening(&[(WINDOW, 0)]),
        frame(SETTINGS, ACK, 0, &[]),
        request(1, &get("/health")),
    ];
    stream.write_all(&asked.concat()).await.unwrap();
    answer_pings(&mut stream).await;
}

async fn answer_pings(stream: &mut Raw) {
    let (mut bytes, mut answered) = (Vec::new(), 0);
    let mut ticks = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            // Traffic of its own, so that the connection is never still.
            _ = ticks.tick() => if stream.write_all(&frame(PING, 0, 0, &[7; 8])).await.is_err() { return },
            read = stream.read_buf(&mut bytes) => if matches!(read, Ok(0) | Err(_)) { return },
        }
        let frames = read(&bytes);
        let pings = frames.iter().skip(answered);
        for Frame { payload, .. } in
            pings.filter(|frame| frame.kind == PING && frame.flags & ACK == 0)
        {
            let _ = stream.write_all(&frame(PING, ACK, 0, payload)).await;
        }
        answered = frames.len();
    }
}

const LOGIN: &str =
    "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

async fn dripping_over_http2(town: &Town) {
    let headers = [
        (":method", "POST"),
        (":scheme", "https"),
        (":path", "/auth/login"),
        (":authority", "localhost"),
        ("content-type", "application/json"),
    ];
    let mut stream = town.raw(HTTP2).await;
    let asked = [
        opening(&[]),
        frame(SETTINGS, ACK, 0, &[]),
        frame(HEADERS, 0x4, 1, &block(&headers)),
    ];
    stream.write_all(&asked.concat()).await.unwrap();
    let mut bytes = Vec::new();
    let mut ticks = interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            _ = ticks.tick() => if stream.write_all(&frame(0, 0, 1, b" ")).await.is_err() { return },
            read = stream.read_buf(&mut bytes) => if matches!(read, Ok(0) | Err(_)) { return },
        }
        let ended = read(&bytes).into_iter().any(|frame| {
            frame.stream == 1 && matches!(frame.kind, 0 | HEADERS) && frame.flags & END_STREAM != 0
        });
        if ended {
            return;
        }
    }
}

/// An honest client, all the while: the slowest of its answers.
async fn slowest_answer(town: &Town, until: Instant) -> Duration {
    let visitor = town.visitor();
    let mut slowest = Duration::ZERO;
    let mut ticks = interval(Duration::from_millis(100));
    while Instant::now() < until {
        ticks.tick().await;
        let begun = Instant::now();
        let answer = visitor.get("/health").await;
        // It may have asked often enough to be told so; it was answered.
        assert!(
            matches!(answer.status.as_u16(), 200 | 429),
            "{}",
            answer.text()
        );
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}

/// Proves: L18, API4:2019, API4:2023, edge-slow
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_slow_is_gone_within_ten_seconds_and_the_others_do_not_notice() {
    let town = Town::start().await;
    let town = &town;
    let head = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ";
    let body = format!("{LOGIN}Content-Length: 1000\r\n\r\n{{");
    let chunks = format!("{LOGIN}Transfer-Encoding: chunked\r\n\r\n");
    // Its head says a thousand bytes; they come one by one.
    let block_without_end = [&opening(&[])[..], &[0, 3, 0xe8, HEADERS, 0, 0, 0, 0, 1]].concat();
    let (_, _, _, _, _, _, _, _, _, _, _, slowest) = tokio::join!(
        assert_closed_in_time("silent before TLS", silent_before_tls(town)),
        assert_closed_in_time("silent after TLS", silent_after_tls(town, HTTP1)),
        assert_closed_in_time("silent after TLS, HTTP/2", silent_after_tls(town, HTTP2)),
        assert_closed_in_time("a dripping head", dripping(town, HTTP1, head, b"a")),
        assert_closed_in_time("a dripping request line", dripping(town, HTTP1, b"G", b"E")),
        assert_closed_in_time(
            "a dripping body",
            dripping(town, HTTP1, body.as_bytes(), b" ")
        ),
        assert_closed_in_time(
            "dripping chunks",
            dripping(town, HTTP1, chunks.as_bytes(), b"1\r\n \r\n")
        ),
        assert_closed_in_time(
            "a dripping header block",
            dripping(town, HTTP2, &block_without_end, &[0])
        ),
        assert_closed_in_time("a dripping body, HTTP/2", dripping_over_http2(town)),
        assert_closed_in_time("never reading", never_reading(town)),
        assert_closed_in_time("never opening a window", never_opening_a_window(town)),
        slowest_answer(town, Instant::now() + PATIENCE),
    );
    eprintln!("the slowest honest answer took {slowest:?}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}

/// Proves: edge-slow
#[tokio::test]
async fn a_slow_head_and_a_slow_body_are_told_so() {
    let settings =
        ["HTTP_HEADER_SECONDS", "HTTP_BODY_SECONDS"].map(|key| ("gateway", key, "1".to_owned()));
    let town = Town::planned(escale_tests::Plan {
        settings: settings.into(),
        ..escale_tests::Plan::default()
    })
    .await;
    let answers = town.exchange(b"GET /health HTTP/1.1\r\nHost: local").await;
    answers.assert_one_refusal(408);
    let body = format!("{LOGIN}Content-Length: 100\r\nConnection: close\r\n\r\n{{");
    let answers = town.exchange(body.as_bytes()).await;
    assert_eq!(answers.statuses(), [408], "{}", answers.0);
    // A byte now and then is no pause, and no excuse.
    let mut stream = town.raw(HTTP1).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let answer = timeout(PATIENCE, drip(&mut stream, b" ")).await;
    let answer = answer.expect("an end");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}
