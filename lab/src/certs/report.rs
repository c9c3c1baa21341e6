//! What a certificate file says: names, identity, dates.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{KeyPair, PublicKeyData};
use serde::Serialize;
use service_kit::spiffe::SpiffeId;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;

use super::{CertsError, file, unreadable};

/// The first certificate of a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub name: &'static str,
    pub file: PathBuf,
    /// DNS names and IP addresses.
    pub names: Vec<String>,
    /// Absent in authorities and at the edge.
    pub spiffe_id: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
}

impl Report {
    pub(super) fn read(name: &'static str, path: &Path) -> Result<Self, CertsError> {
        let pem = fs::read(path).map_err(|source| file(path, source))?;
        let (_, block) = parse_x509_pem(&pem).map_err(|error| unreadable(path, error))?;
        let certificate = block
            .parse_x509()
            .map_err(|error| unreadable(path, error))?;
        Ok(Self {
            name,
            file: path.to_owned(),
            names: names(&certificate),
            spiffe_id: SpiffeId::of_certificate(&block.contents)
                .ok()
                .map(|id| id.to_string()),
            not_before: certificate.validity().not_before.to_datetime(),
            not_after: certificate.validity().not_after.to_datetime(),
        })
    }

    /// Whole days until the end; negative once it is over.
    pub fn days_left(&self, now: OffsetDateTime) -> i64 {
        (self.not_after - now).whole_seconds().div_euclid(86_400)
    }
}

/// Whether the key is the one that the first certificate speaks of.
pub(super) fn key_belongs(certificate_pem: &str, key_pem: &str) -> bool {
    let Ok(key) = KeyPair::from_pem(key_pem) else {
        return false;
    };
    let Ok((_, block)) = parse_x509_pem(certificate_pem.as_bytes()) else {
        return false;
    };
    block
        .parse_x509()
        .is_ok_and(|certificate| certificate.public_key().raw == key.subject_public_key_info())
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    };
    names.value.general_names.iter().filter_map(name).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    let v6 = <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from);
    v4.or(v6).ok().map(|address| address.to_string())
}
