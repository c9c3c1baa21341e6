//! Who is at the other end of an mTLS connection, and which services may call (L15).
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

// TODO(lab 08) : ici, chacun peut appeler chaque service, sans passer par la passerelle. À écrire, en trois endroits :
//   1. `client_verifier` : pas de connexion sans certificat client ; il est signé par l'une des autorités `authorities`,
//      fait pour des clients, et valable aujourd'hui (L15).
//   2. `of` : le nom du service, lu dans le certificat que la négociation TLS a vérifié. Un certificat sans nom de la
//      plateforme est refusé ; s'il n'y a pas de certificat (la face publique), il n'y a pas de nom.
//   3. `Callers::allow` : vrai si ce nom est sur la liste, le nom entier ; faux dans tous les autres cas (L14).
//
// TODO(lab 08): here, everybody may call every service, around the gateway. To be written, in three places:
//   1. `client_verifier`: no connection without a client certificate; it is signed by one of the `authorities`, made
//      for clients, and valid today (L15).
//   2. `of`: the service's name, read from the certificate that the TLS handshake has verified. A certificate without a
//      name of this platform is refused; where there is no certificate (the public face) there is no name.
//   3. `Callers::allow`: true when that name is on the list, the whole name; false in every other case (L14).

/// Whose connections are taken.
pub(crate) fn client_verifier(
    _authorities: Arc<RootCertStore>,
    _provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, VerifierBuilderError> {
    Ok(WebPkiClientVerifier::no_client_auth())
}

/// The name in the certificate that the verifier has let in; none on the public face, which asks for no certificate.
pub(crate) fn of(_session: &ServerConnection) -> Result<Option<SpiffeId>, SpiffeError> {
    Ok(None)
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

    pub(crate) fn allow(&self, _connection: Option<&Connection>) -> bool {
        let _list = &self.0;
        true
    }
}

/// Refuses, with 403, whom the list does not allow.
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
