//! Opens connections to one service: TCP, then mTLS that checks the service's name (L15).
//!
//! The TLS configuration is taken anew for each connection, so a renewed certificate is used from the next one on.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use metrics::Gauge;
use rustls::pki_types::ServerName;
use service_kit::tls::Identity;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower::Service;
use url::Url;

use crate::metrics::{UPSTREAM_CONNECTIONS_OPEN, UPSTREAM_CONNECTS};

/// TCP and TLS together. A service on the same network answers in milliseconds or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(super) struct Connector(Arc<Destination>);

#[derive(Debug)]
struct Destination {
    service: crate::route_table::Service,
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
    name: ServerName<'static>,
    authority: String,
    identity: Identity,
}

impl Connector {
    /// `None` unless `base` is an https origin.
    pub(super) fn new(
        service: crate::route_table::Service,
        base: &Url,
        identity: &Identity,
    ) -> Option<Self> {
        let bare = base.path() == "/"
            && base.query().is_none()
            && base.fragment().is_none()
            && base.username().is_empty()
            && base.password().is_none();
        if base.scheme() != "https" || !bare {
            return None;
        }
        let host = base.host_str()?.trim_matches(['[', ']']).to_owned();
        let port = base.port_or_known_default()?;
        Some(Self(Arc::new(Destination {
            service,
            name: ServerName::try_from(host.clone()).ok()?,
            authority: format!("{}:{port}", base.host_str()?),
            host,
            port,
            identity: identity.clone(),
        })))
    }

    pub(super) fn service(&self) -> &'static str {
        self.0.service.as_str()
    }

    pub(super) fn authority(&self) -> &str {
        &self.0.authority
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<TokioIo<Stream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The destination is the connector's own: no URI can lead it elsewhere.
    fn call(&mut self, _: Uri) -> Self::Future {
        let destination = Arc::clone(&self.0);
        async move {
            let connected = tokio::time::timeout(CONNECT_TIMEOUT, connect(&destination)).await;
            let connected = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            count(destination.service.as_str(), connected.is_ok());
            connected
        }
        .boxed()
    }
}

async fn connect(destination: &Destination) -> io::Result<TokioIo<Stream>> {
    let service = destination.service.as_str();
    let config = destination
        .identity
        .client_config(service)
        .map_err(io::Error::other)?;
    let tcp = TcpStream::connect((destination.host.as_str(), destination.port)).await?;
    tcp.set_nodelay(true)?;
    let tls = TlsConnector::from(config)
        .connect(destination.name.clone(), tcp)
        .await?;
    if tls.get_ref().1.alpn_protocol() != Some(b"h2") {
        return Err(io::Error::other("the service does not speak HTTP/2"));
    }
    Ok(TokioIo::new(Stream {
        tls,
        heard: Heard::default(),
        _open: Open::count(service),
    }))
}

fn count(service: &'static str, connected: bool) {
    let outcome = if connected { "connected" } else { "failed" };
    metrics::counter!(UPSTREAM_CONNECTS, "service" => service, "outcome" => outcome).increment(1);
}

/// Counts a connection while it is open.
struct Open(Gauge);

impl Open {
    fn count(service: &'static str) -> Self {
        let gauge = metrics::gauge!(UPSTREAM_CONNECTIONS_OPEN, "service" => service);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Whether the service has ever said anything on a connection. In TLS 1.3 a client learns only after the handshake
/// that its certificate was refused, and then it is chance whether it sees an alert, a closed or a broken pipe; a
/// service that took the connection has sent its HTTP/2 settings.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard(Arc<AtomicBool>);

impl Heard {
    pub(super) fn anything(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection as hyper's pool wants it.
pub(super) struct Stream {
    tls: TlsStream<TcpStream>,
    heard: Heard,
    _open: Open,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().negotiated_h2().extra(self.heard.clone())
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.tls).poll_read(cx, buffer);
        if buffer.filled().len() > before && !self.heard.anything() {
            self.heard.0.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tls).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tls).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tls).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.tls.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tls).poll_write_vectored(cx, slices)
    }
}
