//! A service that does what no well-meaning server does: it stands in a real service's place, with its certificate,
//! and writes HTTP/2 frames itself (RFC 9113).

mod frames;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use frames::{Frame, Kind, read_frame, read_preface, write_frame};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// A whole answer of a few bytes.
    #[default]
    Answers,
    /// Closes every connection: a new one before TLS, an old one at the next request.
    HangsUp,
    /// Takes the request and says nothing.
    NeverAnswers,
    /// Takes the request and resets its stream.
    Resets,
    /// The head, the beginning of the body, and the connection closes.
    ClosesInMidBody,
    /// The head, the beginning of the body, and nothing more.
    FallsSilent,
    /// A byte at a time.
    Drips,
    /// A head of 48 kB.
    SendsHugeHead,
}

/// What every answer with a body begins with.
pub const BEGINNING: &str = "the beginning";
pub const DRIPS: usize = 20;

#[derive(Debug, Clone, Default)]
pub struct Misbehaving(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    behaviour: Behaviour,
    connections: usize,
    requests: usize,
    cancelled: usize,
}

type Stream = TlsStream<TcpStream>;

impl Misbehaving {
    pub fn becomes(&self, behaviour: Behaviour) {
        self.0.lock().unwrap().behaviour = behaviour;
    }

    /// Connections that were taken.
    pub fn connections(&self) -> usize {
        self.0.lock().unwrap().connections
    }

    /// Requests whose head came.
    pub fn requests(&self) -> usize {
        self.0.lock().unwrap().requests
    }

    /// Requests that their sender took back (`RST_STREAM`).
    pub fn cancelled(&self) -> usize {
        self.0.lock().unwrap().cancelled
    }

    fn behaviour(&self) -> Behaviour {
        self.0.lock().unwrap().behaviour
    }

    pub(crate) async fn serve(self, listener: std::net::TcpListener, tls: Arc<ServerConfig>) {
        let listener = TcpListener::from_std(listener).unwrap();
        while let Ok((tcp, _)) = listener.accept().await {
            self.0.lock().unwrap().connections += 1;
            if self.behaviour() == Behaviour::HangsUp {
                continue;
            }
            let (service, acceptor) = (self.clone(), TlsAcceptor::from(Arc::clone(&tls)));
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(tcp).await {
                    // It ends when either side has had enough.
                    let _ = service.converse(stream).await;
                }
            });
        }
    }

    async fn converse(&self, mut stream: Stream) -> io::Result<()> {
        read_preface(&mut stream).await?;
        write_frame(&mut stream, &Frame::new(Kind::Settings, 0)).await?;
        loop {
            let frame = read_frame(&mut stream).await?;
            match frame.kind {
                Kind::Headers => {
                    self.0.lock().unwrap().requests += 1;
                    self.answer(&mut stream, frame.stream).await?;
                }
                Kind::Settings if !frame.is_ack() => {
                    write_frame(&mut stream, &Frame::new(Kind::Settings, 0).ack()).await?;
                }
                Kind::Ping if !frame.is_ack() => write_frame(&mut stream, &frame.ack()).await?,
                Kind::Reset => self.0.lock().unwrap().cancelled += 1,
                _ => {}
            }
        }
    }

    async fn answer(&self, stream: &mut Stream, id: u32) -> io::Result<()> {
        let behaviour = self.behaviour();
        match behaviour {
            Behaviour::NeverAnswers => return Ok(()),
            Behaviour::HangsUp => return Err(io::ErrorKind::ConnectionAborted.into()),
            Behaviour::Resets => return write_frame(stream, &Frame::internal_error(id)).await,
            Behaviour::SendsHugeHead => return frames::write_huge_head(stream, id).await,
            _ => write_frame(stream, &Frame::head(id)).await?,
        }
        match behaviour {
            Behaviour::Drips => drip(stream, id).await,
            Behaviour::Answers => write_frame(stream, &Frame::data(id, BEGINNING).last()).await,
            Behaviour::ClosesInMidBody => {
                write_frame(stream, &Frame::data(id, BEGINNING)).await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            _ => write_frame(stream, &Frame::data(id, BEGINNING)).await,
        }
    }
}

/// A slow service is slow in real time; nothing waits for it but the test of it.
async fn drip(stream: &mut Stream, id: u32) -> io::Result<()> {
    let mut drops = tokio::time::interval(Duration::from_millis(20));
    for _ in 1..DRIPS {
        drops.tick().await;
        write_frame(stream, &Frame::data(id, ".")).await?;
    }
    write_frame(stream, &Frame::data(id, ".").last()).await
}

pub(crate) fn tls(certificate: &std::path::Path, key: &std::path::Path) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(certificate).expect("a certificate");
    let chain = chain.collect::<Result<_, _>>().expect("PEM");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let builder = ServerConfig::builder_with_protocol_versions(&[&rustls::version::TLS13]);
    let mut config = builder
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a pair");
    config.alpn_protocols = vec![b"h2".to_vec()];
    Arc::new(config)
}
