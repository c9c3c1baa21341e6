//! Connections below HTTP libraries: raw TLS streams, the certificate that a service shows, an old TLS version.

use std::io;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Town;

impl Town {
    /// A TLS connection to the gateway on which the test writes HTTP/1.1 itself.
    pub async fn tls_stream(&self) -> TlsStream<TcpStream> {
        self.connect("gateway", &rustls::version::TLS13)
            .await
            .expect("a handshake")
    }

    /// The leaf certificate that a service shows on a new connection.
    pub async fn leaf_of(&self, service: &str) -> Vec<u8> {
        let stream = self
            .connect(service, &rustls::version::TLS13)
            .await
            .expect("a handshake");
        let certificates = stream
            .get_ref()
            .1
            .peer_certificates()
            .expect("certificates");
        certificates[0].to_vec()
    }

    /// A handshake that offers TLS 1.2 alone.
    pub async fn tls12_handshake(&self, service: &str) -> io::Result<()> {
        self.connect(service, &rustls::version::TLS12)
            .await
            .map(|_| ())
    }

    async fn connect(
        &self,
        service: &str,
        version: &'static SupportedProtocolVersion,
    ) -> io::Result<TlsStream<TcpStream>> {
        let edge = service == "gateway";
        let authority = if edge {
            self.certs.root()
        } else {
            self.certs.inside_ca()
        };
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(authority).expect("an authority") {
            roots
                .add(certificate.expect("a certificate"))
                .expect("a root");
        }
        let builder = ClientConfig::builder_with_protocol_versions(&[version]);
        let builder = builder.with_root_certificates(roots);
        let config = if edge {
            builder.with_no_client_auth()
        } else {
            let (certificate, key) = self.certs.path("gateway");
            let chain = CertificateDer::pem_file_iter(certificate).expect("a certificate");
            let chain = chain.collect::<Result<_, _>>().expect("PEM");
            let key = PrivateKeyDer::from_pem_file(key).expect("a key");
            builder.with_client_auth_cert(chain, key).expect("a pair")
        };
        let stream = TcpStream::connect(self.address(service)).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    }
}
