//! Who is at the other end of an mTLS connection, and which services may call (L15, deny by default).
//!
//! Three questions, in this order: may this peer connect at all ([`client_verifier`], in the handshake), who is it
//! ([`of`], once a connection), and may it ask for this ([`Callers`], at each request). Lab 08 teaches it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConnection,
    SignatureScheme,
};

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
    let verifier = WebPkiClientVerifier::builder_with_provider(authorities, provider).build()?;
    Ok(Arc::new(Named(verifier)))
}

/// Whose certificate carries a name of the platform; [`Callers`] compares it with the list.
#[derive(Debug)]
struct Named(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Named {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let _ = (chain, now);
        SpiffeId::of_certificate(leaf)
            .map(|_| ClientCertVerified::assertion())
            .map_err(|error| Error::General(error.to_string()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, leaf, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, leaf, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
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
            .is_some_and(|peer| self.0.contains(peer))
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
