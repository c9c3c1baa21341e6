//! What stands in a leaf certificate, and how long it is valid.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SanType,
    SerialNumber,
};
use service_kit::spiffe::SpiffeId;
use time::{Duration, OffsetDateTime};

/// The longest life of a leaf, in days: a stolen key is of use no longer than this (R8).
const LEAF_DAYS: i64 = 90;

/// From when to when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
}

impl Validity {
    /// From five minutes ago, as clocks differ between machines, for so many days.
    pub fn days(days: i64) -> Self {
        let not_before = OffsetDateTime::now_utc() - Duration::minutes(5);
        Self {
            not_before,
            not_after: not_before + Duration::days(days),
        }
    }

    /// The validity of the platform's own leaves.
    pub fn leaf() -> Self {
        Self::days(LEAF_DAYS)
    }

    /// Ended an hour ago.
    pub fn expired() -> Self {
        let not_after = OffsetDateTime::now_utc() - Duration::hours(1);
        Self {
            not_before: not_after - Duration::days(1),
            not_after,
        }
    }
}

/// The gateway's public face: a server and nothing else.
pub(super) fn edge(validity: Validity) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec![dns("localhost")?, dns("gateway")?];
    names.extend(loopback());
    Ok(leaf(
        "gateway",
        names,
        vec![ExtendedKeyUsagePurpose::ServerAuth],
        validity,
    ))
}

/// A service inside (X509-SVID section 4): its DNS names, and exactly one URI, which says who it is.
pub(super) fn service(name: &str, validity: Validity) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec![
        dns(name)?,
        dns(&format!("{name}-service"))?,
        dns("localhost")?,
        SanType::URI(SpiffeId::of(name).as_str().try_into()?),
    ];
    names.extend(loopback());
    let usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    Ok(leaf(name, names, usages, validity))
}

/// A serial number that nobody can guess (RFC 5280 section 4.1.2.2): positive, 16 bytes.
pub(super) fn random_serial() -> SerialNumber {
    let mut bytes = uuid::Uuid::new_v4().into_bytes();
    bytes[0] = bytes[0] & 0x3f | 0x40;
    SerialNumber::from_slice(&bytes)
}

fn leaf(
    common_name: &str,
    names: Vec<SanType>,
    usages: Vec<ExtendedKeyUsagePurpose>,
    validity: Validity,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    params.serial_number = Some(random_serial());
    params.distinguished_name.remove(DnType::CommonName);
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.subject_alt_names = names;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = usages;
    params.use_authority_key_identifier_extension = true;
    params
}

fn dns(name: &str) -> Result<SanType, rcgen::Error> {
    Ok(SanType::DnsName(name.try_into()?))
}

fn loopback() -> [SanType; 2] {
    [
        SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ]
}
