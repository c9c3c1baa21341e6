//! SPIFFE ids: the name of a service in its certificate, `spiffe://escale.lab/<service>` (SPIFFE-ID section 2).

use std::fmt;
use std::str::FromStr;

use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The trust domain of the platform.
pub const TRUST_DOMAIN: &str = "escale.lab";

/// A service's id. It compares as a whole: trust domain and path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpiffeId(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpiffeError {
    #[error("the certificate cannot be parsed")]
    Unreadable,
    #[error("the certificate is that of an authority")]
    Authority,
    #[error(
        "the certificate must carry exactly one URI name, and it must be a SPIFFE id of this trust domain"
    )]
    NotOneId,
}

impl SpiffeId {
    /// The id of a service of this platform.
    pub fn of(service: &str) -> Self {
        Self(format!("spiffe://{TRUST_DOMAIN}/{service}"))
    }

    /// The service's name: what stands behind the trust domain.
    pub fn service(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the id of a leaf certificate (X509-SVID section 5): not an authority, exactly one URI name.
    pub fn of_certificate(der: &[u8]) -> Result<Self, SpiffeError> {
        let (_, certificate) =
            X509Certificate::from_der(der).map_err(|_| SpiffeError::Unreadable)?;
        if certificate.is_ca() {
            return Err(SpiffeError::Authority);
        }
        let names = certificate
            .subject_alternative_name()
            .map_err(|_| SpiffeError::Unreadable)?;
        let mut uris = names
            .iter()
            .flat_map(|names| &names.value.general_names)
            .filter_map(|name| match name {
                GeneralName::URI(uri) => Some(*uri),
                _ => None,
            });
        match (uris.next(), uris.next()) {
            (Some(uri), None) => uri.parse().map_err(|()| SpiffeError::NotOneId),
            _ => Err(SpiffeError::NotOneId),
        }
    }
}

impl FromStr for SpiffeId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let service = text
            .strip_prefix("spiffe://")
            .and_then(|rest| rest.strip_prefix(TRUST_DOMAIN));
        let service = service.and_then(|rest| rest.strip_prefix('/')).ok_or(())?;
        let valid =
            !service.is_empty() && service.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if valid {
            Ok(Self::of(service))
        } else {
            Err(())
        }
    }
}

impl fmt::Display for SpiffeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_this_trust_domain_with_one_plain_name_are_read() {
        assert_eq!(
            "spiffe://escale.lab/gateway".parse(),
            Ok(SpiffeId::of("gateway"))
        );
        for bad in [
            "spiffe://escale.lab/",
            "spiffe://escale.lab",
            "spiffe://escale.lab.evil/gateway",
            "spiffe://evil/gateway",
            "https://escale.lab/gateway",
            "spiffe://escale.lab/a/../gateway",
            "spiffe://escale.lab/Gateway",
        ] {
            assert_eq!(bad.parse::<SpiffeId>(), Err(()), "{bad}");
        }
    }
}
