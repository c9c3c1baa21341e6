//! Certificates and who is who inside (L13-L15): mutual TLS 1.3 between all services, one crypto provider.
//!
//! [`Identity`] is a service's certificate with its key and the authorities that it trusts. It watches its files:
//! a renewed certificate is used for new connections, as server and as client, and running connections go on.

mod client;
mod material;
mod protocol;
mod server;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use rustls::{ClientConfig, ServerConfig};

use crate::clock::Timestamp;
use crate::config::TlsConfig;
use crate::lifecycle::Lifecycle;
use material::Material;

pub use material::TlsError;
pub use server::Face;

/// From this many days before its end, a certificate that nobody renewed is warned of.
const WARN_DAYS: i64 = 14;

/// A service's certificate, key and trust. Clones share it.
#[derive(Debug, Clone)]
pub struct Identity(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    current: ArcSwap<Material>,
    /// Configurations built from the current material; emptied when it changes.
    clients: Mutex<HashMap<String, (u64, Arc<ClientConfig>)>>,
    servers: Mutex<HashMap<Face, (u64, Arc<ServerConfig>)>>,
}

impl Identity {
    /// Reads the files and begins to watch them.
    ///
    /// # Errors
    /// A file that cannot be read, a key that is not the certificate's, a certificate that expired or is not valid
    /// yet. A change of the files later on that has such a fault is logged, and the old identity stays in use.
    pub fn load(config: &TlsConfig, life: &Lifecycle) -> Result<Self, TlsError> {
        let material = Material::read(config, 0)?;
        material.check_validity(life.clock.now())?;
        let shared = Shared {
            current: ArcSwap::from_pointee(material),
            clients: Mutex::default(),
            servers: Mutex::default(),
        };
        let identity = Self(Arc::new(shared));
        identity.watch(config.clone(), life);
        Ok(identity)
    }

    /// Rises with each change of the certificate.
    pub fn generation(&self) -> u64 {
        self.0.current.load().generation
    }

    pub fn expires_at(&self) -> Timestamp {
        self.0.current.load().not_after
    }

    /// How to call the service named `server`: our certificate is shown, and its certificate must carry its name.
    /// Take it anew for each connection; it is rebuilt only after a renewal.
    pub fn client_config(&self, server: &str) -> Result<Arc<ClientConfig>, TlsError> {
        let material = self.0.current.load();
        let mut built = self
            .0
            .clients
            .lock()
            .expect("no panic while the lock is held");
        if let Some((generation, config)) = built.get(server)
            && *generation == material.generation
        {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(client::config(&material, server)?);
        built.insert(
            server.to_owned(),
            (material.generation, Arc::clone(&config)),
        );
        Ok(config)
    }

    /// How to answer callers. Taken anew for each handshake, as above.
    pub(crate) fn server_config(&self, face: Face) -> Result<Arc<ServerConfig>, TlsError> {
        let material = self.0.current.load();
        let mut built = self
            .0
            .servers
            .lock()
            .expect("no panic while the lock is held");
        if let Some((generation, config)) = built.get(&face)
            && *generation == material.generation
        {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(server::config(&material, face)?);
        built.insert(face, (material.generation, Arc::clone(&config)));
        Ok(config)
    }

    fn watch(&self, config: TlsConfig, life: &Lifecycle) {
        let identity = self.clone();
        let clock = life.clock.clone();
        let mut reported = None;
        let mut warned_on = None;
        life.every(config.reload_every, move || {
            let now = clock.now();
            let fault = identity
                .reload(&config, now)
                .err()
                .map(|error| error.to_string());
            if fault != reported {
                if let Some(fault) = &fault {
                    tracing::error!(
                        fault,
                        "the changed certificate is not taken; the one in use stays"
                    );
                }
                reported = fault;
            }
            if warned_on != Some(now.date()) {
                warned_on = Some(now.date());
                identity.tell_expiry(now);
            }
            std::future::ready(())
        });
    }

    fn reload(&self, config: &TlsConfig, now: Timestamp) -> Result<(), TlsError> {
        let old = self.0.current.load();
        let new = Material::read(config, old.generation + 1)?;
        if new.digest == old.digest {
            return Ok(());
        }
        new.check_validity(now)?;
        tracing::info!(certificate = %config.certificate.display(), expires = %new.not_after, "certificate renewed");
        self.0.current.store(Arc::new(new));
        self.tell_expiry(now);
        Ok(())
    }

    /// `tls_certificate_days_left`, and a warning a day when the end is near.
    fn tell_expiry(&self, now: Timestamp) {
        let days = (self.expires_at().0 - now.0) / 86_400_000;
        metrics::gauge!("tls_certificate_days_left").set(days as f64);
        if days < WARN_DAYS {
            tracing::warn!(
                days,
                "the certificate expires soon; `cargo lab certs --renew` renews it"
            );
        }
    }
}
