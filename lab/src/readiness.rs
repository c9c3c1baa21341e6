//! Asks a service's admin address whether it is ready: one small HTTP/1.1 request in plain text on loopback.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_millis(1000);
const PAUSE: Duration = Duration::from_millis(20);

/// Whether `GET /ready` is answered with 200.
pub async fn is_ready(admin: SocketAddr) -> bool {
    matches!(timeout(PATIENCE, status_line(admin)).await, Ok(Ok(line)) if line.starts_with("HTTP/1.1 200"))
}

/// Resolves when the service is ready; it may never be.
pub async fn until_ready(admin: SocketAddr) {
    while !is_ready(admin).await {
        sleep(PAUSE).await;
    }
}

async fn status_line(admin: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(admin).await?;
    let request = format!("GET /ready HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut start = vec![0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut start).await?;
    // The rest is read, so that the service sees an orderly end.
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(String::from_utf8_lossy(&start).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answering(status: &'static str) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a caller");
            let mut request = [0; 1024];
            let read = stream.read(&mut request).await.expect("a request");
            assert!(request[..read].starts_with(b"GET /ready HTTP/1.1\r\n"));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}");
            stream.write_all(answer.as_bytes()).await.expect("written");
        });
        address
    }

    #[tokio::test]
    async fn only_a_200_is_ready() {
        assert!(is_ready(answering("200 OK").await).await);
        assert!(!is_ready(answering("503 Service Unavailable").await).await);
        let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = closed.local_addr().expect("an address");
        drop(closed);
        assert!(!is_ready(address).await);
    }
}
