//! Who is given what. A folder that is not listed for a service is not mounted into it, so this is the whole of what each
//! one can lose.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::redis_users;
use crate::certs::EDGE;
use crate::layout::Layout;
use crate::private_file::{write_public, write_secret, write_shared};
use crate::random_text;
use crate::service::Service;

/// The name of PostgreSQL, and of Redis, in the network of the containers.
const POSTGRES: &str = "postgres";
const REDIS: &str = "redis";

pub(super) fn hand_out(originals: &Layout, dir: &Path) -> anyhow::Result<()> {
    let folder = |name: &str| Folder(dir.join(name));
    for service in Service::ALL {
        to_service(originals, service, &folder(service.name()))?;
    }
    to_postgres(originals, &folder(POSTGRES))?;
    let users = redis_users::lines(&password(originals, REDIS)?);
    folder(REDIS).shared("users.conf", &users)?;
    // For who asks the gateway from a container without being a service: the load balancer's health check.
    folder("public").public("ca.pem", &read(&originals.certs().root())?)
}

fn to_service(originals: &Layout, service: Service, folder: &Folder) -> anyhow::Result<()> {
    let certs = originals.certs();
    let (certificate, key) = certs.path(service.name());
    // The key goes first: a service that looks in between sees a pair that does not match and keeps the old one.
    folder.secret("key.pem", &read(&key)?)?;
    folder.public("cert.pem", &read(&certificate)?)?;
    folder.public("inside-ca.pem", &read(&certs.inside_ca())?)?;
    if service.has_store() {
        let password = password(originals, service.name())?;
        let url = format!("postgres://{service}:{password}@{POSTGRES}/{service}");
        folder.secret("database-url", &url)?;
    }
    match service {
        Service::Gateway => {
            let (certificate, key) = certs.path(EDGE);
            folder.secret("edge-key.pem", &read(&key)?)?;
            folder.public("edge-cert.pem", &read(&certificate)?)?;
            folder.secret("audit-key", &read(&originals.audit_key())?)?;
            let password = password(originals, REDIS)?;
            let user = redis_users::GATEWAY;
            let url = format!("redis://{user}:{password}@{REDIS}:6379/0");
            folder.secret("redis-url", &url)
        }
        Service::Auth => {
            folder.secret("master-key", &read(&originals.master_key())?)?;
            folder.secret("accounts.json", &read(&originals.accounts())?)
        }
        Service::Catalog | Service::Booking | Service::Payment | Service::Bank => Ok(()),
    }
}

/// The passwords of its accounts, which deploy/compose/databases.sql gives to a new cluster.
fn to_postgres(originals: &Layout, folder: &Folder) -> anyhow::Result<()> {
    folder.shared("superuser", &password(originals, POSTGRES)?)?;
    Service::ALL
        .into_iter()
        .filter(|service| service.has_store())
        .try_for_each(|service| {
            folder.shared(service.name(), &password(originals, service.name())?)
        })
}

/// Drawn once; afterwards the one that the engine already knows.
fn password(originals: &Layout, account: &str) -> anyhow::Result<String> {
    let path = originals.secrets().join(format!("password-{account}"));
    if !path.exists() {
        write_secret(&path, &random_text::client_secret()).with_context(|| shown(&path))?;
    }
    read(&path)
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| shown(path))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A service's own folder.
struct Folder(PathBuf);

impl Folder {
    fn secret(&self, name: &str, content: &str) -> anyhow::Result<()> {
        self.write(name, content, write_secret)
    }

    /// For an engine that runs as a user of its own: it is a member of this program's group, and nobody else is.
    fn shared(&self, name: &str, content: &str) -> anyhow::Result<()> {
        self.write(name, content, write_shared)
    }

    fn public(&self, name: &str, content: &str) -> anyhow::Result<()> {
        self.write(name, content, |path, content| write_public(path, content))
    }

    /// What is the same is left alone: services look at their certificates' files and would load them anew.
    fn write(
        &self,
        name: &str,
        content: &str,
        write: fn(&Path, &str) -> std::io::Result<()>,
    ) -> anyhow::Result<()> {
        let path = self.0.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == content) {
            return Ok(());
        }
        write(&path, content).with_context(|| shown(&path))
    }
}
