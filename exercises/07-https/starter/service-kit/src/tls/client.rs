//! The client side of mTLS: our certificate is shown, and the server's is looked at.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::material::Material;
use super::{TlsError, protocol};
use crate::spiffe::SpiffeId;

pub(super) fn config(material: &Material, server: &str) -> Result<ClientConfig, TlsError> {
    let setup = |error: &dyn std::fmt::Display| TlsError::Setup(error.to_string());
    let chain_verifier = WebPkiServerVerifier::builder_with_provider(
        Arc::clone(&material.roots),
        protocol::provider(),
    )
    .build()
    .map_err(|error| setup(&error))?;
    let verifier = NamedService {
        chain: chain_verifier,
        expected: SpiffeId::of(server),
    };
    let mut config = ClientConfig::builder_with_provider(protocol::provider())
        .with_protocol_versions(&protocol::offered())
        .map_err(|error| setup(&error))?
        // "dangerous" is rustls's name for any verifier of one's own.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&material.key))));
    config.resumption = Resumption::disabled();
    config.alpn_protocols = protocol::alpn();
    Ok(config)
}

// TODO(lab 07) : ce client chiffre pour n’importe qui. À écrire dans `verify_server_cert` : le certificat du serveur est
// signé par une autorité de la plateforme, valable aujourd’hui, au nom d’hôte que l’on appelle (`chain` sait le faire),
// ET son identité SPIFFE est celle du service que l’on veut joindre (`expected`). Tout le reste est refusé (L13, R12).
//
// TODO(lab 07): this client encrypts for anybody. To be written in `verify_server_cert`: the server's certificate is
// signed by an authority of the platform, valid today, for the host name that is called (`chain` knows how), AND its
// SPIFFE id is that of the service that we want to reach (`expected`). Everything else is refused (L13, R12).

/// Judges the certificate that a server shows.
#[derive(Debug)]
struct NamedService {
    chain: Arc<WebPkiServerVerifier>,
    expected: SpiffeId,
}

impl ServerCertVerifier for NamedService {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let _expected = &self.expected;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}
