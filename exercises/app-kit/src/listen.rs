//! Listens, says where, and serves until Ctrl-C.
//!
//! Plain HTTP, without the platform's guards against slow or countless clients, so on this machine's own address only:
//! nobody else can listen in or call. Labs 07 and 08 turn to TLS.

use std::env;
use std::net::SocketAddr;

use anyhow::{Context, bail};
use axum::Router;
use tokio::net::TcpListener;

/// `LISTEN_ADDR`, or this port of 127.0.0.1. Port 0 takes a free one. The first line of standard output is the address.
pub async fn serve(app: Router, usual_port: u16) -> anyhow::Result<()> {
    let text = env::var("LISTEN_ADDR").unwrap_or_else(|_| format!("127.0.0.1:{usual_port}"));
    let address = loopback(&text)?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address}: port occupé ? / is the port taken?"))?;
    println!(
        "http://{} (Ctrl-C : arrêter / stop)",
        listener.local_addr()?
    );
    axum::serve(listener, app).await.context("serving")
}

fn loopback(text: &str) -> anyhow::Result<SocketAddr> {
    let address: SocketAddr = text
        .parse()
        .with_context(|| format!("LISTEN_ADDR={text}: 127.0.0.1:8081, for example"))?;
    if !address.ip().is_loopback() {
        bail!("LISTEN_ADDR={text}: plain HTTP stays on this machine (127.0.0.1)");
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_not_offered_to_the_network() {
        for text in ["0.0.0.0:8081", "192.0.2.7:8081", "[::]:8081", "localhost"] {
            assert!(loopback(text).is_err(), "{text}");
        }
        for text in ["127.0.0.1:0", "[::1]:8081"] {
            assert!(loopback(text).is_ok(), "{text}");
        }
    }
}
