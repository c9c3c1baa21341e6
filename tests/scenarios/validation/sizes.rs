//! Bodies that are too long or too slow, declared or streamed.

use escale_tests::{Plan, Town, Visitor};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Bench;

/// Writes HTTP/1.1 by hand, and gives what came back until the gateway closed.
async fn by_hand(town: &Town, head: &str, body: impl AsyncFnOnce(&mut Wire)) -> String {
    let mut wire = town.tls_stream().await;
    wire.write_all(head.as_bytes()).await.unwrap();
    body(&mut wire).await;
    let mut answer = Vec::new();
    let read = wire.read_to_end(&mut answer);
    let closed = tokio::time::timeout(std::time::Duration::from_secs(8), read).await;
    assert!(closed.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&answer).into_owned()
}

type Wire = tokio_rustls::client::TlsStream<tokio::net::TcpStream>;

fn head(user: &Visitor, framing: &str) -> String {
    format!(
        "POST /api/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\n{framing}\r\n\r\n",
        user.token()
    )
}

/// Proves: edge-bombs
#[tokio::test]
async fn a_hundred_megabytes_that_are_only_declared_are_refused_at_once() {
    let bench = Bench::new().await;
    for expect in ["", "Expect: 100-continue\r\n"] {
        let framing = format!("{expect}Content-Length: 104857600");
        let head = head(&bench.user, &framing);
        let answer = by_hand(&bench.town, &head, async |_| {}).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("body_too_large"), "{answer}");
    }
    assert!(bench.arrived("booking").is_empty());
}

/// Proves: API4:2019, API4:2023, edge-bombs
#[tokio::test]
async fn ten_megabytes_that_are_streamed_are_cut_at_the_bound() {
    let bench = Bench::new().await;
    // HTTP/2, of unknown length.
    let piece = || Ok::<_, std::io::Error>(vec![b' '; 1_024]);
    let pieces = futures_util::stream::iter((0..10_240).map(move |_| piece()));
    let answer = bench.post("/api/bookings", reqwest::Body::wrap_stream(pieces));
    answer.await.assert_refused(413, "body_too_large");
    // HTTP/1.1, chunked: seventeen pieces are one too many, and no end is ever written.
    let head = head(&bench.user, "Transfer-Encoding: chunked");
    let answer = by_hand(&bench.town, &head, async |wire| {
        let chunk = format!("400\r\n{}\r\n", " ".repeat(1_024));
        wire.write_all(chunk.repeat(17).as_bytes()).await.unwrap();
    });
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(bench.arrived("booking").is_empty());
}

/// A service that reads only the beginning of a streamed body must not make its cut look like a failure of its own.
#[tokio::test]
async fn a_body_that_streams_through_is_cut_at_the_bound_too() {
    let plan = Plan {
        spies: vec!["auth"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let visitor = town.visitor();
    let form = |body: reqwest::Body| {
        let request = visitor.request(Method::POST, "/oauth/token");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        visitor.send(request.body(body))
    };
    let pieces = |count: usize| {
        let piece = |_| Ok::<_, std::io::Error>(vec![b'a'; 1_024]);
        reqwest::Body::wrap_stream(futures_util::stream::iter((0..count).map(piece)))
    };
    form(pieces(16)).await.assert_status(200);
    assert_eq!(town.spies["auth"].last().body.len(), 16_384);
    let arrived = town.spies["auth"].seen().len();
    form(pieces(17)).await.assert_refused(413, "body_too_large");
    form(pieces(2_000))
        .await
        .assert_refused(413, "body_too_large");
    assert_eq!(
        town.spies["auth"].seen().len(),
        arrived,
        "no half of a body is answered"
    );
}

/// Proves: edge-slow
#[tokio::test]
async fn a_body_that_drips_is_given_up_though_it_never_pauses() {
    let plan = Plan {
        spies: vec!["booking"],
        settings: vec![("gateway", "HTTP_BODY_SECONDS", "1".to_owned())],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let user = town.user().await;
    let head = head(&user, "Content-Length: 1000");
    let answer = by_hand(&town, &head, async |wire| {
        // A byte every 50 ms, until the gateway takes no more of them.
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
        for _ in 0..40 {
            ticks.tick().await;
            if wire.write_all(b" ").await.is_err() {
                break;
            }
        }
    });
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(town.spies["booking"].seen().is_empty());
    user.get("/api/tours").await.assert_status(200);
}
