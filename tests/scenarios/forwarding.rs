//! What the gateway makes of services that misbehave, and of clients that do: bounded waits, honest endings, and
//! nobody who pays for another's fault.

mod bench;
mod breaker;
mod deadlines;

use std::time::{Duration, Instant};

use escale_tests::misbehaving::{BEGINNING, DRIPS};
use escale_tests::{Answer, Behaviour, Plan, eventually, logs};
use futures_util::StreamExt;
use http::Method;
use serde_json::json;
use tokio::io::AsyncReadExt;

use bench::Bench;

const PATIENCE: Duration = Duration::from_secs(8);

/// What a client may read of a failure tells nothing of the inside (R19).
#[track_caller]
fn assert_tells_nothing(answer: &Answer) {
    let text = answer.text() + &format!("{:?}", answer.headers);
    for inside in ["127.0.0.1", "localhost:", "catalog", "hyper", "h2"] {
        assert!(!text.contains(inside), "{inside}: {text}");
    }
}

/// Proves: R19, API10:2023, val-never-answers
#[tokio::test]
async fn each_way_of_failing_has_its_answer_and_its_cause_in_the_log_alone() {
    let bench = Bench::with_catalog().await;
    for (behaviour, status, code, cause) in [
        (
            Behaviour::NeverAnswers,
            504,
            "upstream_timeout",
            "no answer within 1s",
        ),
        (
            Behaviour::Resets,
            502,
            "bad_gateway",
            "catalog: client error",
        ),
        (
            Behaviour::SendsHugeHead,
            502,
            "bad_gateway",
            "catalog: client error",
        ),
        (Behaviour::HangsUp, 503, "service_unavailable", "catalog: "),
    ] {
        bench.catalog().becomes(behaviour);
        let begun = Instant::now();
        let answer = bench.tours().await.assert_refused(status, code);
        assert!(begun.elapsed() < PATIENCE, "{behaviour:?}");
        assert_tells_nothing(&answer);
        let id = answer.field("/requestId");
        eventually("the line is written", async || {
            !logs::watcher().find(&[&id, code, cause]).is_empty()
        })
        .await;
    }
}

/// Proves: API10:2023, val-closes-mid-body
#[tokio::test]
async fn an_answer_that_breaks_off_never_looks_whole() {
    let bench = Bench::with_catalog().await;
    bench.catalog().becomes(Behaviour::ClosesInMidBody);
    // The reset may overtake the head.
    if let Ok(response) = bench.user.request(Method::GET, "/api/tours").send().await {
        assert_eq!(response.status(), 200);
        response.bytes().await.expect_err("a reset stream");
    }

    let mut stream = bench.by_hand("GET /api/tours HTTP/1.1").await;
    let mut answer = Vec::new();
    // Without close_notify, or with it: the last chunk is what must not come.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .expect("the connection is closed");
    let answer = String::from_utf8_lossy(&answer);
    // The connection may be closed before the head was written out.
    let chunked = answer.contains("transfer-encoding: chunked");
    assert!(chunked || answer.is_empty(), "{answer}");
    assert!(!answer.contains("\r\n0\r\n"), "{answer}");
}

/// Proves: val-slow-answer
#[tokio::test]
async fn a_service_that_falls_silent_in_mid_answer_is_given_up() {
    let bench = Bench::start(Plan {
        misbehaving: vec!["catalog"],
        settings: vec![("gateway", "UPSTREAM_BODY_SECONDS", "1".to_owned())],
        ..Plan::default()
    })
    .await;
    bench.catalog().becomes(Behaviour::FallsSilent);
    let response = bench.user.request(Method::GET, "/api/tours");
    let mut body = response.send().await.unwrap().bytes_stream();
    assert_eq!(body.next().await.unwrap().unwrap(), BEGINNING);
    let end = tokio::time::timeout(PATIENCE, body.next()).await;
    assert!(end.expect("it ends").expect("an end").is_err());
    eventually("the service is told", async || {
        bench.catalog().cancelled() == 1
    })
    .await;
}

/// Proves: val-slow-answer
#[tokio::test]
async fn an_answer_byte_by_byte_arrives_whole_and_as_it_comes() {
    let bench = Bench::with_catalog().await;
    bench.catalog().becomes(Behaviour::Drips);
    let response = bench.user.request(Method::GET, "/api/tours");
    let pieces: Vec<_> = response
        .send()
        .await
        .unwrap()
        .bytes_stream()
        .collect()
        .await;
    let bytes: usize = pieces
        .iter()
        .map(|piece| piece.as_ref().unwrap().len())
        .sum();
    assert_eq!(bytes, DRIPS);
    assert!(pieces.len() > 1, "not kept until it is whole");
}

#[tokio::test]
async fn only_what_reads_is_sent_again() {
    let bench = Bench::with_catalog().await;
    let gina = bench.town.account("gina").await;
    bench.catalog().becomes(Behaviour::Resets);
    let mut expected = 0;
    for (method, sent) in [(Method::GET, 2), (Method::POST, 1)] {
        let request = gina.request(method.clone(), "/api/tours");
        let request = match method {
            Method::POST => request.json(&json!({"title": "x"})),
            _ => request,
        };
        let answer = gina.send(request).await;
        // A layer in front may refuse a body that is no tour: then nothing was sent at all.
        if answer.status != 400 {
            answer.assert_refused(502, "bad_gateway");
            expected += sent;
        }
        assert_eq!(bench.catalog().requests(), expected, "{method}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_request_back() {
    let bench = Bench::with_catalog().await;
    bench.tours().await.assert_status(200);
    bench.catalog().becomes(Behaviour::FallsSilent);
    let http1 = bench.by_hand("GET /api/tours HTTP/1.1").await;
    let http2 = bench.user.request(Method::GET, "/api/tours");
    let http2 = http2.send().await.unwrap();
    eventually("both are under way", async || {
        bench.catalog().requests() == 3
    })
    .await;
    assert_eq!(bench.catalog().cancelled(), 0);
    drop((http1, http2));
    eventually("both were taken back", async || {
        bench.catalog().cancelled() == 2
    })
    .await;
}

/// Proves: edge-hop-by-hop
#[tokio::test]
async fn what_is_about_the_clients_connection_ends_at_the_gateway() {
    let bench = Bench::start(Plan {
        spies: vec!["catalog"],
        ..Plan::default()
    })
    .await;
    for (sent, gone) in [
        ("Connection: close", "connection"),
        ("Connection: X-One\r\nX-One: 1", "x-one"),
        ("Connection: close, x-TWO ,\r\nX-Two: 2", "x-two"),
        (
            "Connection: a\r\nConnection: X-Three\r\nX-Three: 3",
            "x-three",
        ),
        ("Keep-Alive: timeout=5", "keep-alive"),
        ("Proxy-Authorization: Basic eDp5", "proxy-authorization"),
        ("Proxy-Connection: keep-alive", "proxy-connection"),
        ("TE: trailers", "te"),
        ("Trailer: X-User-Id", "trailer"),
        ("Connection: authorization", "authorization"),
        ("X-Four: 4", ""),
    ] {
        let head = format!("GET /api/tours HTTP/1.1\r\n{sent}");
        let mut stream = bench.by_hand(&head).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200", "{sent}");
        let headers = bench.town.spies["catalog"].last().headers;
        assert!(!headers.contains_key(gone), "{sent}: {headers:?}");
        assert!(!headers.contains_key("authorization") && headers.contains_key("x-user-id"));
        assert_eq!(headers.contains_key("x-four"), gone.is_empty());
    }
}
