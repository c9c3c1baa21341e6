//! A TCP connection's way to a server of this machine, which a test can freeze: nothing moves, and nobody is told. That
//! is what a frozen server, a full queue and a cut cable look like from the client.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// It ends with the runtime of its test.
#[derive(Debug)]
pub struct Link {
    port: u16,
    frozen: watch::Sender<bool>,
}

impl Link {
    pub async fn to(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        let frozen = watch::Sender::new(false);
        tokio::spawn(accept(listener, target, frozen.subscribe()));
        Self { port, frozen }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on nothing passes, on old connections and on new ones.
    pub fn freeze(&self) {
        self.frozen.send_replace(true);
    }

    /// What was held back passes, in order.
    pub fn thaw(&self) {
        self.frozen.send_replace(false);
    }
}

async fn accept(listener: TcpListener, target: u16, frozen: watch::Receiver<bool>) {
    while let Ok((client, _)) = listener.accept().await {
        let frozen = frozen.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else {
                return;
            };
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            // Whoever ends first ends both: a dropped half closes its side.
            tokio::select! {
                () = pass(from_client, to_server, frozen.clone()) => {}
                () = pass(from_server, to_client, frozen) => {}
            }
        });
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut frozen: watch::Receiver<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer).await {
        let thawed = frozen.wait_for(|frozen| !frozen).await.is_ok();
        if read == 0 || !thawed || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
