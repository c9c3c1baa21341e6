//! A TLS connection to a gateway on which the test writes every byte itself, as no client library would.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Town;

/// Whoever is slow, silent or wrong is to be gone after ten seconds; some more are for a machine that is busy.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub type Raw = TlsStream<TcpStream>;

/// What of a connection is to be unusual.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kind {
    pub http2: bool,
    /// The socket takes little before its reader has read: a reader that does not read is felt at once.
    pub small_buffer: bool,
}

/// A handshake with the public face that listens at `address`.
pub async fn connect(address: SocketAddr, root: &Path, kind: Kind) -> io::Result<Raw> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root).expect("an authority") {
        roots
            .add(certificate.expect("a certificate"))
            .expect("a root");
    }
    let builder = ClientConfig::builder_with_protocol_versions(&[&rustls::version::TLS13]);
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    let version: &[u8] = if kind.http2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![version.to_vec()];
    let socket = TcpSocket::new_v4()?;
    if kind.small_buffer {
        socket.set_recv_buffer_size(4_096)?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

impl Town {
    pub async fn raw(&self, kind: Kind) -> Raw {
        let gateway = self.address("gateway");
        let connected = connect(gateway, &self.certs.root(), kind).await;
        connected.expect("a handshake")
    }

    /// Writes `bytes` on a new HTTP/1.1 connection and reads until the gateway closes it.
    pub async fn exchange(&self, bytes: &[u8]) -> Answers {
        let mut stream = self.raw(Kind::default()).await;
        // The gateway may close before all is written: that is one of the right answers.
        let _ = stream.write_all(bytes).await;
        let _ = stream.flush().await;
        read_to_the_end(&mut stream).await
    }
}

/// Everything that comes before the peer closes.
///
/// # Panics
/// When it has not closed after [`PATIENCE`] and some.
pub async fn read_to_the_end(stream: &mut Raw) -> Answers {
    let mut answer = Vec::new();
    let closed = timeout(
        PATIENCE + Duration::from_secs(5),
        stream.read_to_end(&mut answer),
    )
    .await;
    assert!(
        closed.is_ok(),
        "the connection is still open: {}",
        String::from_utf8_lossy(&answer)
    );
    Answers(String::from_utf8_lossy(&answer).into_owned())
}

/// The answers on one HTTP/1.1 connection, as they came.
#[derive(Debug)]
pub struct Answers(pub String);

impl Answers {
    pub fn statuses(&self) -> Vec<u16> {
        let parts = self.0.split("HTTP/1.1 ").skip(1);
        parts
            .filter_map(|part| part.get(..3)?.parse().ok())
            .collect()
    }

    /// Exactly one refusal, in the common body, and not a word more; or nothing at all.
    #[track_caller]
    pub fn assert_one_refusal(&self, expected: u16) {
        assert_eq!(self.statuses(), [expected], "{}", self.0);
        let (head, body) = self.0.split_once("\r\n\r\n").expect("a head and a body");
        let head = head.to_lowercase();
        for part in [
            "content-type: application/problem+json",
            "connection: close",
            "x-request-id: ",
        ] {
            assert!(head.contains(part), "{part}: {head}");
        }
        let body: serde_json::Value = serde_json::from_str(body).expect("one JSON body");
        assert_eq!(body["success"], false, "{body}");
        assert_eq!(body["status"], expected, "{body}");
        assert!(body["requestId"].is_string(), "{body}");
    }
}
