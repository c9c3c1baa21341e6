//! Peers that are slow, silent or too many (slowloris): the gateway gives up on them and serves the others.

use std::time::Duration;

use escale_tests::{Plan, Town};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A gateway of little patience: a second for everything.
async fn impatient(key: &'static str, value: &str) -> Town {
    Town::planned(Plan {
        settings: vec![("gateway", key, value.to_owned())],
        ..Plan::default()
    })
    .await
}

/// What the peer said before it closed; fails when it has not closed after eight seconds.
async fn said_before_closing(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    let closed = timeout(Duration::from_secs(8), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Proves: edge-slow
#[tokio::test]
async fn a_connection_that_never_begins_tls_is_closed() {
    let town = impatient("TLS_HANDSHAKE_SECONDS", "1").await;
    let mut silent = TcpStream::connect(town.address("gateway")).await.unwrap();
    assert_eq!(said_before_closing(&mut silent).await, "");
    let mut half = TcpStream::connect(town.address("gateway")).await.unwrap();
    half.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    assert_eq!(said_before_closing(&mut half).await, "");
    town.visitor().get("/health").await.assert_status(200);
}

#[tokio::test]
async fn a_connection_that_is_silent_after_the_handshake_is_closed() {
    let town = impatient("HTTP_HEADER_SECONDS", "1").await;
    let mut silent = town.tls_stream().await;
    assert_eq!(said_before_closing(&mut silent).await, "");
}

#[tokio::test]
async fn a_head_that_never_ends_is_given_up() {
    let town = impatient("HTTP_HEADER_SECONDS", "1").await;
    let mut slow = town.tls_stream().await;
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        .await
        .unwrap();
    let answer = said_before_closing(&mut slow).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_that_pauses_too_long_is_given_up() {
    let town = impatient("HTTP_BODY_SECONDS", "1").await;
    let mut slow = town.tls_stream().await;
    let head = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\nConnection: close\r\n\r\n{\"pseudo\":";
    slow.write_all(head.as_bytes()).await.unwrap();
    let answer = said_before_closing(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

/// Proves: edge-slow
#[tokio::test]
async fn one_address_cannot_hold_every_connection() {
    let town = impatient("MAX_CONNECTIONS_PER_ADDRESS", "3").await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(town.tls_stream().await);
    }
    let mut fourth = TcpStream::connect(town.address("gateway")).await.unwrap();
    assert_eq!(
        said_before_closing(&mut fourth).await,
        "",
        "closed without a handshake"
    );
    drop(held);
    escale_tests::eventually("there is room again", async || {
        let client = town.public_client();
        let url = format!(
            "https://localhost:{}/health",
            town.address("gateway").port()
        );
        client.get(url).send().await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let town = Town::start().await;
    let user = town.user().await;
    let body = serde_json::json!({"specialRequests": "x".repeat(200_000)});
    user.post("/api/bookings", &body)
        .await
        .assert_refused(413, "body_too_large");
}
