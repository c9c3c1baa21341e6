//! The authorities: a root of ten years, and under it one intermediate for the public face and one for the services.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints,
};

use super::{CertsError, Validity, file, leaf, unreadable};
use crate::private_file::{make_private_folder, write_public, write_secret};
use crate::service::Service;

const YEARS_10: i64 = 3652;

/// A whole set of authorities. Tests make a second set to play strangers.
pub struct Authorities {
    root: Authority,
    edge: Authority,
    inside: Authority,
}

struct Authority {
    certificate_pem: String,
    key_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authorities {
    /// New authorities, in memory.
    pub fn generate() -> Result<Self, CertsError> {
        // The names differ from set to set: a browser that still trusts an older root is not confused by a new one.
        let mark = uuid::Uuid::new_v4().simple().to_string();
        let name = |what: &str| format!("Escale lab {what} {}", &mark[..8]);
        let mut params = params(&name("root"), BasicConstraints::Constrained(1));
        params.name_constraints = Some(own_names_only());
        let root_key = KeyPair::generate()?;
        let certificate_pem = params.self_signed(&root_key)?.pem();
        let root = Authority::new(certificate_pem, root_key)?;
        Ok(Self {
            edge: root.intermediate(&name("edge"))?,
            inside: root.intermediate(&name("inside"))?,
            root,
        })
    }

    /// A certificate and key for a service inside: (chain PEM, key PEM).
    pub fn issue_service(
        &self,
        name: &str,
        validity: Validity,
    ) -> Result<(String, String), CertsError> {
        self.inside.issue(&leaf::service(name, validity)?)
    }

    /// A certificate and key for the gateway's public face: (chain PEM, key PEM).
    pub fn issue_edge(&self, validity: Validity) -> Result<(String, String), CertsError> {
        self.edge.issue(&leaf::edge(validity)?)
    }

    pub(super) fn edge_pem(&self) -> &str {
        &self.edge.certificate_pem
    }

    pub(super) fn inside_pem(&self) -> &str {
        &self.inside.certificate_pem
    }

    /// Whether any part of a set is in the folder.
    pub(super) fn exist(dir: &Path) -> bool {
        let certificates = [root_path(dir), edge_path(dir), inside_path(dir)];
        certificates
            .iter()
            .chain(&key_paths(dir))
            .any(|path| path.exists())
    }

    pub(super) fn read(dir: &Path) -> Result<Self, CertsError> {
        let [root_key, edge_key, inside_key] = key_paths(dir);
        Ok(Self {
            root: Authority::read(&root_path(dir), &root_key)?,
            edge: Authority::read(&edge_path(dir), &edge_key)?,
            inside: Authority::read(&inside_path(dir), &inside_key)?,
        })
    }

    pub(super) fn write(&self, dir: &Path) -> Result<(), CertsError> {
        let folder = dir.join("authority");
        make_private_folder(&folder).map_err(|source| file(&folder, source))?;
        let [root_key, edge_key, inside_key] = key_paths(dir);
        self.root.write(&root_path(dir), &root_key)?;
        self.edge.write(&edge_path(dir), &edge_key)?;
        self.inside.write(&inside_path(dir), &inside_key)
    }
}

impl Authority {
    fn new(certificate_pem: String, key: KeyPair) -> Result<Self, CertsError> {
        let key_pem = key.serialize_pem();
        let issuer = Issuer::from_ca_cert_pem(&certificate_pem, key)?;
        Ok(Self {
            certificate_pem,
            key_pem,
            issuer,
        })
    }

    /// It may sign leaves, and no further authority.
    fn intermediate(&self, name: &str) -> Result<Self, CertsError> {
        let key = KeyPair::generate()?;
        let params = params(name, BasicConstraints::Constrained(0));
        let certificate = params.signed_by(&key, &self.issuer)?;
        Self::new(certificate.pem(), key)
    }

    fn issue(&self, leaf: &CertificateParams) -> Result<(String, String), CertsError> {
        let key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&key, &self.issuer)?;
        let chain = format!("{}{}", certificate.pem(), self.certificate_pem);
        Ok((chain, key.serialize_pem()))
    }

    fn read(certificate_path: &Path, key_path: &Path) -> Result<Self, CertsError> {
        let read = |path: &Path| fs::read_to_string(path).map_err(|source| file(path, source));
        let key =
            KeyPair::from_pem(&read(key_path)?).map_err(|error| unreadable(key_path, error))?;
        Self::new(read(certificate_path)?, key).map_err(|error| unreadable(certificate_path, error))
    }

    fn write(&self, certificate_path: &Path, key_path: &Path) -> Result<(), CertsError> {
        write_secret(key_path, &self.key_pem).map_err(|source| file(key_path, source))?;
        write_public(certificate_path, &self.certificate_pem)
            .map_err(|source| file(certificate_path, source))
    }
}

pub(super) fn root_path(dir: &Path) -> PathBuf {
    dir.join("ca.pem")
}

pub(super) fn inside_path(dir: &Path) -> PathBuf {
    dir.join("inside-ca.pem")
}

fn edge_path(dir: &Path) -> PathBuf {
    dir.join("edge-ca.pem")
}

pub(super) fn key_paths(dir: &Path) -> [PathBuf; 3] {
    ["root", "edge", "inside"].map(|name| dir.join("authority").join(format!("{name}-key.pem")))
}

fn params(name: &str, constraints: BasicConstraints) -> CertificateParams {
    let validity = Validity::days(YEARS_10);
    let mut params = CertificateParams::default();
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    params.serial_number = Some(leaf::random_serial());
    params.distinguished_name.remove(DnType::CommonName);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Escale");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params
}

/// RFC 5280 section 4.2.1.10: the root speaks for this machine and the platform's own host names only. People import
/// it into their browsers, so whoever steals its key must not be able to play their bank.
fn own_names_only() -> NameConstraints {
    let services = Service::ALL.into_iter().map(Service::name);
    let hosts = services.flat_map(|name| [name.to_owned(), format!("{name}-service")]);
    let names = std::iter::once("localhost".to_owned())
        .chain(hosts)
        .map(GeneralSubtree::DnsName);
    let addresses = [
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 1], 32)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
            std::net::Ipv6Addr::LOCALHOST.octets(),
            128,
        )),
    ];
    NameConstraints {
        permitted_subtrees: names.chain(addresses).collect(),
        excluded_subtrees: Vec::new(),
    }
}
