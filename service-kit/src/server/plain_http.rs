//! A plain-HTTP request on the HTTPS port: told in one line of JSON to use https (R12), then closed.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::strict::language_of;
use crate::error::render::{PROBLEM_JSON, problem_body};
use crate::error::{ApiError, Code};

/// The first byte of a TLS handshake record (RFC 8446 section 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// Looks at the first byte without taking it.
pub(super) async fn speaks_tls(stream: &TcpStream) -> std::io::Result<bool> {
    let mut first = [0];
    Ok(stream.peek(&mut first).await? == 1 && first[0] == TLS_HANDSHAKE)
}

/// The peer has gone without a word: it closed, or reset, the connection that it had opened.
pub(super) async fn is_closed(stream: &TcpStream) -> bool {
    !matches!(stream.peek(&mut [0]).await, Ok(1..))
}

/// Answers a plain-HTTP request. Nothing of it is carried out: whatever it holds has crossed the network in clear.
pub(super) async fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await?;
    let language = language_of(&head[..length]);
    let body = problem_body(&ApiError::new(Code::HttpsRequired), language, "/", None);
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: {PROBLEM_JSON}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len() + 1
    );
    stream
        .write_all(&[answer.as_bytes(), &body, b"\n"].concat())
        .await?;
    stream.shutdown().await
}
