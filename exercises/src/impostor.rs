//! Somebody who answers in a service's place, with whatever certificate he has, and tells what he was told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use crate::Failure;

/// A request of the platform's is not longer than this.
const LONGEST: usize = 64 * 1024;

/// One request that somebody sent to the impostor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overheard {
    /// `GET /internal/bookings/7/charge`
    pub line: String,
    pub body: String,
}

pub struct Impostor {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: AbortHandle,
}

/// What the impostor says to a request; nothing, and he hangs up.
pub type Reply = fn(&Overheard) -> Option<Value>;

struct Shared {
    /// None until he has a certificate to show.
    acceptor: Mutex<Option<TlsAcceptor>>,
    reply: Reply,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    callers: usize,
    believers: usize,
    requests: Vec<Overheard>,
}

impl Impostor {
    /// Listens on a free port, and hangs up until [`Impostor::show`]: a service is told his address before there is an
    /// authority to sign for him.
    pub async fn listen(reply: Reply) -> Result<Self, Failure> {
        let broken = |error: std::io::Error| Failure::Broken(error.to_string());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let shared = Arc::new(Shared {
            acceptor: Mutex::default(),
            reply,
            seen: Mutex::default(),
        });
        let task = tokio::spawn(answer_all(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// From now on he shows this certificate (one PEM text, with its key) and speaks this version of TLS alone.
    pub fn show(
        &self,
        pem: &str,
        version: &'static SupportedProtocolVersion,
    ) -> Result<(), Failure> {
        let config = config(pem, version).map_err(|error| Failure::Broken(error.to_string()))?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        *locked(&self.shared.acceptor) = Some(acceptor);
        Ok(())
    }

    /// `https://localhost:49152`
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// How many connected at all.
    pub fn callers(&self) -> usize {
        self.seen(|seen| seen.callers)
    }

    /// How many ended the handshake: they took him for who he says he is.
    pub fn believers(&self) -> usize {
        self.seen(|seen| seen.believers)
    }

    pub fn requests(&self) -> Vec<Overheard> {
        self.seen(|seen| seen.requests.clone())
    }

    fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&locked(&self.shared.seen))
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        locked(&self.seen).callers += 1;
        let Some(acceptor) = locked(&self.acceptor).clone() else {
            return Ok(());
        };
        let stream = acceptor.accept(stream).await?;
        locked(&self.seen).believers += 1;
        let mut stream = BufStream::new(stream);
        while let Some(request) = read(&mut stream).await? {
            locked(&self.seen).requests.push(request.clone());
            let Some(body) = (self.reply)(&request) else {
                break;
            };
            let body = body.to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await?;
            stream.flush().await?;
        }
        stream.shutdown().await
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer_all(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let _ = shared.answer(stream).await;
        });
    }
}

/// He asks nobody for a certificate: he is glad of every caller.
fn config(pem: &str, version: &'static SupportedProtocolVersion) -> std::io::Result<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(std::io::Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(std::io::Error::other)?;
    let builder = ServerConfig::builder_with_protocol_versions(&[version]).with_no_client_auth();
    let config = builder.with_single_cert(chain, key);
    let mut config = config.map_err(std::io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// One request of HTTP/1.1; none when the caller has gone.
async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> std::io::Result<Option<Overheard>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > LONGEST {
            return Ok(None);
        }
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return Ok(None),
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse::<usize>().ok());
    let mut body = vec![0; length.unwrap_or_default().min(LONGEST)];
    stream.read_exact(&mut body).await?;
    let line = head.lines().next().unwrap_or_default();
    Ok(Some(Overheard {
        line: line.trim_end_matches(" http/1.1").to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }))
}
