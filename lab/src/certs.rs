//! The platform's certificates (L13, L15): a root, two intermediates, one leaf for the public face, one a service.
//!
//! `ca.pem` is the root, what browsers and curl trust. `inside-ca.pem` is the intermediate that signs the services'
//! certificates, and the only authority that services trust: an edge certificate opens no door inside.

mod authorities;
mod leaf;
mod report;

use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::private_file::{write_public, write_secret};
use crate::service::Service;
pub use authorities::Authorities;
pub use leaf::Validity;
pub use report::Report;

/// The leaf that the gateway shows to the world.
pub const EDGE: &str = "edge";

/// A leaf with fewer days than this left is renewed when the platform starts.
pub const RENEW_DAYS: i64 = 14;

#[derive(Debug, thiserror::Error)]
pub enum CertsError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("a certificate cannot be made: {0}")]
    Issue(#[from] rcgen::Error),
}

/// The folder in which certificates are kept.
#[derive(Debug, Clone)]
pub struct CertsDir(PathBuf);

impl CertsDir {
    /// Names the folder; reads and makes nothing.
    pub fn at(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    /// Makes whatever is missing in the folder.
    ///
    /// # Errors
    /// As [`CertsDir::make_missing`].
    pub fn create(dir: &Path) -> Result<Self, CertsError> {
        let certs = Self::at(dir);
        certs.make_missing()?;
        Ok(certs)
    }

    /// Makes authorities where there are none, and each leaf that is not there, does not go with its key, or comes
    /// from other authorities. Returns the names of what was made.
    ///
    /// # Errors
    /// Authorities that are there in part: making new ones would take the trust from certificates in use, so that is
    /// left to who deletes the folder.
    pub fn make_missing(&self) -> Result<Vec<&'static str>, CertsError> {
        let mut made = Vec::new();
        let authorities = if Authorities::exist(&self.0) {
            Authorities::read(&self.0)?
        } else {
            made.push("authorities");
            let authorities = Authorities::generate()?;
            authorities.write(&self.0)?;
            authorities
        };
        for name in leaf_names() {
            if !self.is_whole(name, &authorities) {
                self.issue(name, &authorities)?;
                made.push(name);
            }
        }
        Ok(made)
    }

    /// New keys and certificates for every leaf, from the same authorities. Running services take them for new
    /// connections within a second or so (`TLS_RELOAD_SECONDS`).
    pub fn renew(&self) -> Result<(), CertsError> {
        let authorities = Authorities::read(&self.0)?;
        leaf_names().try_for_each(|name| self.issue(name, &authorities))
    }

    /// Renews the leaves that end within so many days of `now`, and names them.
    pub fn renew_ending(
        &self,
        days: i64,
        now: OffsetDateTime,
    ) -> Result<Vec<&'static str>, CertsError> {
        let authorities = Authorities::read(&self.0)?;
        let mut renewed = Vec::new();
        for name in leaf_names() {
            if Report::read(name, &self.path(name).0)?.days_left(now) < days {
                self.issue(name, &authorities)?;
                renewed.push(name);
            }
        }
        Ok(renewed)
    }

    /// What is in the folder: the authorities, then the leaves.
    pub fn show(&self) -> Result<Vec<Report>, CertsError> {
        let authorities = [("root", self.root()), ("inside", self.inside_ca())];
        let leaves = leaf_names().map(|name| (name, self.path(name).0));
        authorities
            .into_iter()
            .chain(leaves)
            .map(|(name, path)| Report::read(name, &path))
            .collect()
    }

    /// The authorities, to sign with.
    pub fn authorities(&self) -> Result<Authorities, CertsError> {
        Authorities::read(&self.0)
    }

    /// Certificate chain and key of a service, or of [`EDGE`].
    pub fn path(&self, name: &str) -> (PathBuf, PathBuf) {
        let folder = self.0.join(name);
        (folder.join("cert.pem"), folder.join("key.pem"))
    }

    /// What callers from outside trust.
    pub fn root(&self) -> PathBuf {
        authorities::root_path(&self.0)
    }

    /// What services trust.
    pub fn inside_ca(&self) -> PathBuf {
        authorities::inside_path(&self.0)
    }

    /// Every file that holds a private key, whether it is there or not.
    pub fn keys(&self) -> Vec<PathBuf> {
        let leaves = leaf_names().map(|name| self.path(name).1);
        leaves.chain(authorities::key_paths(&self.0)).collect()
    }

    /// The key goes first: a service that looks in between sees a pair that does not match and keeps the old one.
    fn issue(&self, name: &str, authorities: &Authorities) -> Result<(), CertsError> {
        let (certificate, key) = if name == EDGE {
            authorities.issue_edge(Validity::leaf())?
        } else {
            authorities.issue_service(name, Validity::leaf())?
        };
        let (certificate_path, key_path) = self.path(name);
        write_secret(&key_path, &key).map_err(|source| file(&key_path, source))?;
        write_public(&certificate_path, &certificate)
            .map_err(|source| file(&certificate_path, source))
    }

    fn is_whole(&self, name: &str, authorities: &Authorities) -> bool {
        let (certificate, key) = self.path(name);
        let read = |path| std::fs::read_to_string(path).ok();
        match (read(certificate), read(key)) {
            (Some(certificate), Some(key)) => {
                let chain_end = if name == EDGE {
                    authorities.edge_pem()
                } else {
                    authorities.inside_pem()
                };
                certificate.ends_with(chain_end) && report::key_belongs(&certificate, &key)
            }
            _ => false,
        }
    }
}

fn leaf_names() -> impl Iterator<Item = &'static str> {
    std::iter::once(EDGE).chain(Service::ALL.into_iter().map(Service::name))
}

fn file(path: &Path, source: io::Error) -> CertsError {
    CertsError::File {
        path: path.to_owned(),
        source,
    }
}

fn unreadable(path: &Path, reason: impl ToString) -> CertsError {
    CertsError::Unreadable {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests;
