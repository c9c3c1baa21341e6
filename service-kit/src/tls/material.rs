//! A certificate chain, its key and the trusted authorities, read from PEM files and checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::protocol::provider;
use crate::clock::Timestamp;
use crate::config::TlsConfig;

/// What is wrong with a certificate, a key, or the trust in others. It names files, never contents.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} cannot be read: {reason}; `cargo lab certs` makes what is missing", file.display())]
    Unreadable { file: PathBuf, reason: String },
    #[error("{} expired at {since}; `cargo lab certs --renew` makes a new one", file.display())]
    Expired { file: PathBuf, since: Timestamp },
    #[error("{} is valid only from {from}; is this machine's clock right?", file.display())]
    NotYetValid { file: PathBuf, from: Timestamp },
    #[error("the key does not belong to the certificate {}", file.display())]
    Mismatch { file: PathBuf },
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

#[derive(Debug)]
pub(super) struct Material {
    pub generation: u64,
    pub key: Arc<CertifiedKey>,
    pub roots: Arc<RootCertStore>,
    pub not_after: Timestamp,
    pub with_tls12: bool,
    /// SHA-256 over the three files: whether anything changed.
    pub digest: Vec<u8>,
    not_before: Timestamp,
    file: PathBuf,
}

impl Material {
    pub(super) fn read(config: &TlsConfig, generation: u64) -> Result<Self, TlsError> {
        let chain_pem = read(&config.certificate)?;
        let key_pem = read(&config.key)?;
        let roots_pem = read(&config.authorities)?;
        let chain = certificates(&config.certificate, &chain_pem)?;
        let (not_before, not_after) = validity(&config.certificate, &chain[0])?;
        let key = PrivateKeyDer::from_pem_slice(&key_pem)
            .map_err(|error| unreadable(&config.key, error))?;
        let mut roots = RootCertStore::empty();
        for authority in certificates(&config.authorities, &roots_pem)? {
            roots
                .add(authority)
                .map_err(|error| unreadable(&config.authorities, error))?;
        }
        let mut digest = Context::new(&SHA256);
        [chain_pem, key_pem, roots_pem]
            .iter()
            .for_each(|file| digest.update(file));
        Ok(Self {
            generation,
            key: Arc::new(certified(config, chain, key)?),
            roots: Arc::new(roots),
            not_before,
            not_after,
            with_tls12: config.with_tls12,
            digest: digest.finish().as_ref().to_vec(),
            file: config.certificate.clone(),
        })
    }

    pub(super) fn check_validity(&self, now: Timestamp) -> Result<(), TlsError> {
        let file = self.file.clone();
        match now {
            now if now > self.not_after => Err(TlsError::Expired {
                file,
                since: self.not_after,
            }),
            now if now < self.not_before => Err(TlsError::NotYetValid {
                file,
                from: self.not_before,
            }),
            _ => Ok(()),
        }
    }
}

fn certified(
    config: &TlsConfig,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, TlsError> {
    CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => TlsError::Mismatch {
            file: config.certificate.clone(),
        },
        other => unreadable(&config.key, other),
    })
}

fn certificates(file: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|error| unreadable(file, error))?;
    if chain.is_empty() {
        return Err(unreadable(file, "no certificate in it"));
    }
    Ok(chain)
}

fn validity(file: &Path, der: &[u8]) -> Result<(Timestamp, Timestamp), TlsError> {
    let (_, certificate) =
        X509Certificate::from_der(der).map_err(|error| unreadable(file, error))?;
    let validity = certificate.validity();
    let millis = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
    Ok((
        millis(validity.not_before.timestamp()),
        millis(validity.not_after.timestamp()),
    ))
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(file).map_err(|error| unreadable(file, error))
}

fn unreadable(file: &Path, reason: impl ToString) -> TlsError {
    TlsError::Unreadable {
        file: file.to_owned(),
        reason: reason.to_string(),
    }
}
