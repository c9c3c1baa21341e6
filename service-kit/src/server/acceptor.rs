//! From a TCP connection to a TLS connection whose client and peer are known.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use futures_util::future::BoxFuture;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Layer;

use super::connections::{Connections, Permit};
use super::guard::{Guard, Timeouts};
use super::proxy_protocol::{self, Speaker};
use super::strict::{Gate, Ledger, Wire, around};
use super::watched::Watched;
use super::{Face, plain_http};
use crate::config::ServerConfig;
use crate::peer::{self, Connection};
use crate::spiffe::SpiffeId;
use crate::tls::Identity;

/// What a peer may leave unread in the system's memory, in bytes. The system alone would let it grow to megabytes, and
/// a peer that never reads would be noticed only when they are full.
const UNREAD: usize = 256 * 1024;

type Tls = Watched<TlsStream<TcpStream>, Guard>;

#[derive(Clone)]
pub(super) struct Acceptor {
    identity: Identity,
    face: Face,
    config: ServerConfig,
    connections: Connections,
}

impl Acceptor {
    pub(super) fn new(identity: Identity, face: Face, config: &ServerConfig) -> Self {
        let connections =
            Connections::new(config.max_connections, config.max_connections_per_address);
        Self {
            identity,
            face,
            config: config.clone(),
            connections,
        }
    }

    async fn handshake(self, mut stream: TcpStream) -> io::Result<(Tls, bool, Connection)> {
        let ends = Instant::now() + self.config.handshake_timeout;
        let next = stream.peer_addr()?;
        let arrived = in_time(ends, self.arrival(&mut stream, next)).await;
        let Some((remote, permit)) = arrived.map_err(|error| refused(next, &error))? else {
            // Every few seconds: a line for each would bury the others.
            return Err(io::Error::other("a load balancer's check"));
        };
        let connected = in_time(ends, self.connect(stream, permit)).await;
        let (stream, peer) = connected.map_err(|error| refused(remote, &error))?;
        let (_, session) = stream.get_ref().get_ref();
        let speaks_http2 = session.alpn_protocol() == Some(b"h2");
        Ok((stream, speaks_http2, Connection { remote, peer }))
    }

    /// Who has come, and a place for it: both go by the client's own address, also behind a balancer. `None` for a
    /// balancer that wanted no more than to be accepted.
    async fn arrival(
        &self,
        stream: &mut TcpStream,
        next: SocketAddr,
    ) -> io::Result<Option<(SocketAddr, Permit)>> {
        let full = || io::Error::other("too many connections");
        let permit = self.connections.admit().ok_or_else(full)?;
        let mut remote = next;
        if self.config.balancers.contain(next.ip()) {
            match proxy_protocol::read(stream).await? {
                Speaker::Client(client) => remote = client,
                Speaker::Balancer if plain_http::is_closed(stream).await => return Ok(None),
                Speaker::Balancer => {}
            }
        }
        let permit = permit.of(remote.ip()).ok_or_else(full)?;
        Ok(Some((remote, permit)))
    }

    async fn connect(
        &self,
        stream: TcpStream,
        permit: Permit,
    ) -> io::Result<(Tls, Option<SpiffeId>)> {
        stream.set_nodelay(true)?;
        if self.face == Face::Public {
            socket2::SockRef::from(&stream).set_send_buffer_size(UNREAD)?;
        }
        if !plain_http::speaks_tls(&stream).await? {
            plain_http::refuse(stream).await?;
            return Err(io::Error::other("no TLS"));
        }
        // Taken for each handshake: a renewed certificate is used from the next connection on.
        let config = self
            .identity
            .server_config(self.face)
            .map_err(io::Error::other)?;
        let stream = TlsAcceptor::from(config).accept(stream).await?;
        let peer = peer::of(stream.get_ref().1).map_err(io::Error::other)?;
        let timeouts = Timeouts {
            first_byte: self.config.header_timeout,
            write: self.config.write_timeout,
            idle: self.config.idle_timeout,
        };
        Ok((Watched::new(stream, Guard::new(timeouts, permit)), peer))
    }
}

/// The header of a balancer and the handshake have one time between them.
async fn in_time<T>(ends: Instant, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let too_slow = |_| io::Error::other("the handshake took too long");
    timeout_at(ends, work).await.map_err(too_slow)?
}

fn refused(remote: SocketAddr, reason: &io::Error) -> io::Error {
    metrics::counter!("connections_refused_total").increment(1);
    tracing::warn!(%remote, %reason, "connection refused");
    io::Error::other("refused")
}

impl<S: Send + 'static> Accept<TcpStream, S> for Acceptor {
    type Stream = Wire<Tls>;
    type Service = Gate<AddExtension<S, Connection>>;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let acceptor = self.clone();
        Box::pin(async move {
            let (face, config) = (acceptor.face, acceptor.config.clone());
            let (stream, speaks_http2, connection) = acceptor.handshake(stream).await?;
            let ledger = Arc::new(Ledger::of(connection.remote));
            let stream = around(stream, speaks_http2, face, &config, &ledger);
            let service = Extension(connection).layer(service);
            Ok((stream, Gate::new(service, ledger, config.body_timeout)))
        })
    }
}
