//! A sniffer: a relay between two services that writes down each byte. TLS on the line leaves it nothing to read.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::Failure;

/// More than this of one line is relayed and not kept.
const KEPT: usize = 4_000_000;

pub struct Tap {
    address: SocketAddr,
    target: watch::Sender<Option<SocketAddr>>,
    heard: Heard,
    task: AbortHandle,
}

type Heard = Arc<Mutex<Vec<u8>>>;

impl Tap {
    /// Listens on a free port. What connects waits until [`Tap::lead_to`] says where the line ends: a service is told
    /// the tap's address before the address of the other service is known.
    pub async fn listen() -> Result<Self, Failure> {
        let broken = |error: std::io::Error| Failure::Broken(error.to_string());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let (target, at) = watch::channel(None);
        let heard = Heard::default();
        let task = tokio::spawn(relay(listener, at, Arc::clone(&heard))).abort_handle();
        Ok(Self {
            address,
            target,
            heard,
            task,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn lead_to(&self, target: SocketAddr) {
        self.target.send_replace(Some(target));
    }

    /// Everything that went by, both ways, in the order in which it came.
    pub fn heard(&self) -> Vec<u8> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    /// Whether this text went by in clear.
    pub fn hears(&self, text: &str) -> bool {
        let heard = self.heard();
        heard
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(listener: TcpListener, at: watch::Receiver<Option<SocketAddr>>, heard: Heard) {
    while let Ok((caller, _)) = listener.accept().await {
        let (mut at, heard) = (at.clone(), Arc::clone(&heard));
        tokio::spawn(async move {
            let target = at
                .wait_for(Option::is_some)
                .await
                .ok()
                .and_then(|found| *found);
            let Some(target) = target else { return };
            if let Ok(called) = TcpStream::connect(target).await {
                join(caller, called, heard).await;
            }
        });
    }
}

async fn join(caller: TcpStream, called: TcpStream, heard: Heard) {
    let (from_caller, to_caller) = caller.into_split();
    let (from_called, to_called) = called.into_split();
    tokio::join!(
        copy(from_caller, to_called, Arc::clone(&heard)),
        copy(from_called, to_caller, heard)
    );
}

async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    heard: Heard,
) {
    let mut buffer = vec![0; 16_384];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT.saturating_sub(heard.len());
            heard.extend_from_slice(&buffer[..read.min(room)]);
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tap_passes_everything_on_and_keeps_it() {
        let tap = Tap::listen().await.expect("a port");
        let service = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        tap.lead_to(service.local_addr().expect("an address"));
        let mut caller = TcpStream::connect(tap.address()).await.expect("a line");
        caller.write_all(b"amount=8900").await.expect("sent");
        let (mut called, _) = service.accept().await.expect("a caller");
        let mut got = [0; 11];
        called.read_exact(&mut got).await.expect("all of it");
        called.write_all(b"paid").await.expect("sent");
        let mut answer = [0; 4];
        caller.read_exact(&mut answer).await.expect("the answer");
        assert_eq!((&got, &answer), (b"amount=8900", b"paid"));
        assert!(tap.hears("8900") && tap.hears("paid") && !tap.hears("refused"));
    }
}
