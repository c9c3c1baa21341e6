//! The server side of TLS: 1.3 (and 1.2 at the public face where a setting asks), and inside the platform a client certificate always.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::NoServerSessionStorage;
use rustls::sign::SingleCertAndKey;

use super::material::Material;
use super::{TlsError, protocol};
use crate::peer;

/// Who is on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Other services: a client certificate of the inside authority is required.
    Inside,
    /// The world: no client certificate; a plain-HTTP request is told to use HTTPS.
    Public,
}

pub(super) fn config(material: &Material, face: Face) -> Result<ServerConfig, TlsError> {
    let setup = |error: &dyn std::fmt::Display| TlsError::Setup(error.to_string());
    let builder = ServerConfig::builder_with_provider(protocol::provider())
        .with_protocol_versions(&protocol::accepted(face, material.with_tls12))
        .map_err(|error| setup(&error))?;
    let key = Arc::new(SingleCertAndKey::from(Arc::clone(&material.key)));
    let mut config = match face {
        Face::Public => {
            let mut config = builder.with_no_client_auth().with_cert_resolver(key);
            config.ticketer =
                rustls::crypto::aws_lc_rs::Ticketer::new().map_err(|error| setup(&error))?;
            config
        }
        Face::Inside => {
            let verifier = peer::client_verifier(Arc::clone(&material.roots), protocol::provider())
                .map_err(|error| setup(&error))?;
            let mut config = builder
                .with_client_cert_verifier(verifier)
                .with_cert_resolver(key);
            // A resumed session would keep an identity that has been renewed, or withdrawn, since.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
            config
        }
    };
    config.alpn_protocols = protocol::alpn();
    Ok(config)
}
