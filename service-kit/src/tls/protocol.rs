//! What is spoken on every line (L13, R12): which versions, which cipher suites, which protocol above TLS.
//!
//! Both sides take it from here, the listener ([`super::server`]) and the client ([`super::client`]): a line is as
//! strong as the weaker of the two. Lab 07 teaches it.

use std::sync::Arc;

use rustls::SupportedProtocolVersion;
use rustls::crypto::CryptoProvider;
use rustls::version::{TLS12, TLS13};

use super::Face;

/// The platform's one crypto provider, aws-lc-rs, with the suites that it offers by itself: each of them encrypts,
/// authenticates and has forward secrecy. A recording is of no use to who steals a key later on.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// What a listener takes. Old clients are a matter of the public face, and there of a setting; between services there
/// are none.
pub(super) fn accepted(face: Face, with_tls12: bool) -> Vec<&'static SupportedProtocolVersion> {
    match face {
        Face::Public if with_tls12 => vec![&TLS13, &TLS12],
        _ => vec![&TLS13],
    }
}

/// What a client offers to another service.
pub(super) fn offered() -> Vec<&'static SupportedProtocolVersion> {
    vec![&TLS13]
}

/// HTTP/2 first (RFC 7301). Without an agreement there, an answer could be read as another protocol's.
pub(super) fn alpn() -> Vec<Vec<u8>> {
    vec![b"h2".to_vec(), b"http/1.1".to_vec()]
}
