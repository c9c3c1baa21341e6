//! Certificates as attackers make them, or careless people: of an authority of one's own, expired, with a name that is
//! almost the right one.

use std::net::Ipv4Addr;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use time::{Duration, OffsetDateTime};

use crate::{Failure, Town};

/// An authority to sign with.
pub struct Stamp {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

/// What is to stand in a leaf. Until something else is asked for, it is as a service's certificate should be.
#[derive(Debug, Clone)]
pub struct Leaf {
    common_name: String,
    uris: Vec<String>,
    dns: Vec<String>,
    usages: Vec<ExtendedKeyUsagePurpose>,
    expired: bool,
}

impl Leaf {
    /// The certificate of the service of this name: `gateway`.
    pub fn of(service: &str) -> Self {
        Self {
            common_name: service.to_owned(),
            uris: vec![service_kit::spiffe::SpiffeId::of(service).to_string()],
            dns: vec!["localhost".to_owned(), service.to_owned()],
            usages: vec![
                ExtendedKeyUsagePurpose::ServerAuth,
                ExtendedKeyUsagePurpose::ClientAuth,
            ],
            expired: false,
        }
    }

    #[must_use]
    pub fn common_name(self, common_name: &str) -> Self {
        Self {
            common_name: common_name.to_owned(),
            ..self
        }
    }

    /// These URI names, and no other.
    #[must_use]
    pub fn uris(self, uris: &[&str]) -> Self {
        Self {
            uris: uris.iter().map(ToString::to_string).collect(),
            ..self
        }
    }

    /// For this host alone, and no address.
    #[must_use]
    pub fn host(self, name: &str) -> Self {
        Self {
            dns: vec![name.to_owned()],
            ..self
        }
    }

    /// For servers: who shows it as a client uses it for what it was not made for.
    #[must_use]
    pub fn for_servers_only(self) -> Self {
        Self {
            usages: vec![ExtendedKeyUsagePurpose::ServerAuth],
            ..self
        }
    }

    /// Ended an hour ago.
    #[must_use]
    pub fn expired(self) -> Self {
        Self {
            expired: true,
            ..self
        }
    }

    fn params(&self) -> Result<CertificateParams, rcgen::Error> {
        let now = OffsetDateTime::now_utc();
        let mut params = CertificateParams::default();
        params.not_before = now - Duration::days(2);
        params.not_after = if self.expired {
            now - Duration::hours(1)
        } else {
            now + Duration::days(1)
        };
        name(&mut params, &self.common_name);
        for uri in &self.uris {
            let uri = SanType::URI(uri.as_str().try_into()?);
            params.subject_alt_names.push(uri);
        }
        for dns in &self.dns {
            let dns = SanType::DnsName(dns.as_str().try_into()?);
            params.subject_alt_names.push(dns);
        }
        if self.dns.iter().any(|dns| dns == "localhost") {
            let loopback = SanType::IpAddress(Ipv4Addr::LOCALHOST.into());
            params.subject_alt_names.push(loopback);
        }
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages.clone_from(&self.usages);
        Ok(params)
    }
}

impl Stamp {
    /// An authority that nobody has any reason to trust.
    pub fn stranger() -> Result<Self, Failure> {
        Self::generate().map_err(broken)
    }

    /// The authority that signs the services' certificates. Its key lies where `cargo lab certs` keeps it.
    pub fn inside(town: &Town) -> Result<Self, Failure> {
        let certificate = town.inside_authority();
        let key = certificate.with_file_name("authority/inside-key.pem");
        let read = |path: &std::path::Path| std::fs::read_to_string(path).map_err(broken);
        let certificate = read(certificate)?;
        let key = KeyPair::from_pem(&read(&key)?).map_err(broken)?;
        let issuer = Issuer::from_ca_cert_pem(&certificate, key).map_err(broken)?;
        Ok(Self {
            certificate,
            issuer,
        })
    }

    /// The leaf, its authority and its key, in one PEM text.
    pub fn make(&self, leaf: &Leaf) -> Result<String, Failure> {
        self.sign(leaf).map_err(broken)
    }

    fn generate() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        name(&mut params, "Escale lab inside");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let certificate = params.self_signed(&key)?.pem();
        let issuer = Issuer::from_ca_cert_pem(&certificate, key)?;
        Ok(Self {
            certificate,
            issuer,
        })
    }

    fn sign(&self, leaf: &Leaf) -> Result<String, rcgen::Error> {
        let key = KeyPair::generate()?;
        let certificate = leaf.params()?.signed_by(&key, &self.issuer)?;
        let (leaf, key) = (certificate.pem(), key.serialize_pem());
        Ok(format!("{leaf}\n{}\n{key}", self.certificate))
    }
}

fn name(params: &mut CertificateParams, common_name: &str) {
    params.distinguished_name.remove(DnType::CommonName);
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Broken(format!("a certificate: {error}"))
}
