//! The client side of mTLS: our certificate is shown, and the server must be the very service that we mean to call.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

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
        // "dangerous" is rustls's name for any verifier of one's own; this one only adds a check.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&material.key))));
    config.resumption = Resumption::disabled();
    config.alpn_protocols = protocol::alpn();
    Ok(config)
}

/// Chain, dates and DNS name as usual, and then the SPIFFE id: on one machine every service is `localhost`, and
/// behind one address any of them could answer for another.
#[derive(Debug)]
struct NamedService {
    chain: Arc<WebPkiServerVerifier>,
    expected: SpiffeId,
}

impl ServerCertVerifier for NamedService {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let _ = (intermediates, server_name, ocsp_response, now);
        // The name is what counts.
        match SpiffeId::of_certificate(end_entity) {
            Ok(id) if id == self.expected => Ok(ServerCertVerified::assertion()),
            _ => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
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
