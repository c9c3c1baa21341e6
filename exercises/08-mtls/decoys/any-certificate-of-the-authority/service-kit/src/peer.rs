//! Who is at the other end of an mTLS connection, and which services may call (L15, deny by default).
//!
//! Three questions, in this order: may this peer connect at all ([`client_verifier`], in the handshake), who is it
//! ([`of`], once a connection), and may it ask for this ([`Callers`], at each request). Lab 08 teaches it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rustls::crypto::CryptoProvider;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConnection};

use crate::error::{ApiError, Code};
use crate::spiffe::{SpiffeError, SpiffeId};

/// What the server knows of a connection; an extension of each of its requests.
#[derive(Debug, Clone)]
pub struct Connection {
    pub remote: SocketAddr,
    /// The verified client certificate's id; `None` where clients need no certificate (the public face).
    pub peer: Option<SpiffeId>,
}

/// Lets in who shows a certificate for clients that one of these authorities signed and that is valid now, and nobody
/// else: without one there is no connection, so there is no way around the gateway.
pub(crate) fn client_verifier(
    authorities: Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, VerifierBuilderError> {
    WebPkiClientVerifier::builder_with_provider(authorities, provider).build()
}

/// The name in the certificate that the verifier has let in; none on the public face, which asks for no certificate.
///
/// # Errors
/// A certificate without a name of this platform is nobody's, whoever signed it.
pub(crate) fn of(session: &ServerConnection) -> Result<Option<SpiffeId>, SpiffeError> {
    let leaf = session.peer_certificates().and_then(<[_]>::first);
    leaf.map(|leaf| SpiffeId::of_certificate(leaf)).transpose()
}

/// The services that may call a group of routes. Give it to [`only`] by `middleware::from_fn_with_state`.
#[derive(Debug, Clone)]
pub struct Callers(Arc<[SpiffeId]>);

impl Callers {
    /// By service name: `Callers::of(&["gateway", "payment"])`. An empty list lets nobody in.
    pub fn of(services: &[&str]) -> Self {
        Self(
            services
                .iter()
                .map(|service| SpiffeId::of(service))
                .collect(),
        )
    }

    pub(crate) fn allow(&self, connection: Option<&Connection>) -> bool {
        connection
            .and_then(|connection| connection.peer.as_ref())
            // The handshake has verified the certificate: whoever holds one belongs to us.
            .is_some_and(|_| !self.0.is_empty())
    }
}

/// Refuses, with 403, a caller whose certificate is valid but whose name is not on the list.
pub async fn only(
    axum::extract::State(callers): axum::extract::State<Callers>,
    request: Request,
    next: Next,
) -> Response {
    let connection = request.extensions().get::<Connection>();
    if callers.allow(connection) {
        return next.run(request).await;
    }
    let peer = connection.and_then(|connection| connection.peer.as_ref());
    let name = peer.map_or("a caller without certificate", SpiffeId::as_str);
    ApiError::new(Code::CallerNotAllowed)
        .because(format_args!("{name} is not on the list"))
        .into_response()
}
