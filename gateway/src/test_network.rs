//! Services behind the gateway for unit tests: an authority, identities, and servers over mTLS that can be killed.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use futures_util::FutureExt;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};
use service_kit::audit::{Audit, AuditConfig, AuditKey};
use service_kit::clock::Clock;
use service_kit::config::{ServerConfig, Settings, TlsConfig};
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::server::{Face, Server};
use service_kit::spiffe::SpiffeId;
use service_kit::tls::Identity;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::config::UpstreamUrls;
use crate::proxy::config::tests_config;
use crate::state::Upstreams;

pub struct TestNetwork {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
    pub life: Lifecycle,
}

impl TestNetwork {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut params = CertificateParams::new([]).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = params.self_signed(&key).expect("a certificate");
        std::fs::write(folder.path().join("ca.pem"), authority.pem())
            .expect("the folder can be written");
        let life = Lifecycle::new(Clock::system());
        Self {
            folder,
            issuer: Issuer::new(params, key),
            life,
        }
    }

    pub fn identity(&self, service: &str) -> Identity {
        self.identity_that_trusts(self, service)
    }

    /// Signed by this network's authority, trusting another's.
    pub fn identity_that_trusts(&self, other: &Self, service: &str) -> Identity {
        Identity::load(&self.files(other, service), &self.life).expect("an identity")
    }

    /// The same as files.
    pub fn files(&self, other: &Self, service: &str) -> TlsConfig {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).expect("parameters");
        let uri = SpiffeId::of(service).as_str().try_into().expect("ASCII");
        params.subject_alt_names.push(SanType::URI(uri));
        // Of another name than its authority: to OpenSSL, which Redis has, it would have signed itself otherwise.
        params.distinguished_name.push(DnType::CommonName, service);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        TlsConfig {
            certificate: self.file(service, "crt", &certificate.pem()),
            key: self.file(service, "key", &key.serialize_pem()),
            authorities: other.folder.path().join("ca.pem"),
            reload_every: std::time::Duration::from_secs(3_600),
            with_tls12: false,
        }
    }

    pub fn audit_file(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    pub fn audit(&self) -> Audit {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let config = AuditConfig {
            file: self.audit_file(),
            key: AuditKey::from_base64(key).expect("a key"),
            keep: std::time::Duration::MAX,
        };
        Audit::open(&config, &self.life).expect("a new audit log")
    }

    /// The gateway's way to these places.
    pub fn upstreams(&self, urls: &UpstreamUrls) -> Upstreams {
        let identity = self.identity("gateway");
        Upstreams::new(urls, &identity, &self.life.clock, &tests_config()).expect("origins")
    }

    /// The file of this network's authority.
    pub fn authorities(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn file(&self, service: &str, kind: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(format!("{service}.{kind}"));
        std::fs::write(&path, text).expect("the folder can be written");
        path
    }

    /// A service on a free port.
    pub fn start(&self, service: &'static str, app: Router) -> Running {
        self.start_at(SocketAddr::from(([127, 0, 0, 1], 0)), service, app)
    }

    pub fn start_at(&self, address: SocketAddr, service: &'static str, app: Router) -> Running {
        let sockets = Sockets {
            service: listener(address),
            admin: listener(([127, 0, 0, 1], 0).into()),
            metrics: None,
        };
        let address = sockets.service.local_addr().expect("an address");
        let config = Settings::from_pairs([("MAX_CONNECTIONS", "100")])
            .load(|settings| ServerConfig::read(settings, 1))
            .expect("a configuration");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime");
        let life = Lifecycle::new(Clock::system());
        let identity = self.identity(service);
        runtime.spawn(async move {
            let ready = Arc::new(|| std::future::ready(true).boxed());
            let server = Server {
                service,
                sockets,
                config: &config,
                identity,
                face: Face::Inside,
                admin: axum::Router::new(),
                app,
                ready,
            };
            server
                .serve(&life)
                .await
                .expect("the server runs until it is killed");
        });
        Running {
            address,
            runtime: Some(runtime),
        }
    }
}

fn listener(address: SocketAddr) -> TcpListener {
    let listener = TcpListener::bind(address).expect("a free port");
    listener.set_nonblocking(true).expect("a socket option");
    listener
}

/// A server on a runtime of its own; when that is dropped, its sockets close in the middle of whatever they do.
pub struct Running {
    pub address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Running {
    pub fn url(&self) -> url::Url {
        format!("https://127.0.0.1:{}", self.address.port())
            .parse()
            .expect("a URL")
    }

    /// As SIGKILL does; returns when the sockets are closed.
    pub async fn kill(mut self) {
        let runtime = self.runtime.take().expect("killed once");
        tokio::task::spawn_blocking(move || drop(runtime))
            .await
            .expect("it ends");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// URLs at which nobody listens.
pub fn nowhere() -> UpstreamUrls {
    let closed = listener(([127, 0, 0, 1], 0).into())
        .local_addr()
        .expect("an address");
    let url: url::Url = format!("https://127.0.0.1:{}", closed.port())
        .parse()
        .expect("a URL");
    UpstreamUrls {
        auth: url.clone(),
        catalog: url.clone(),
        booking: url.clone(),
        payment: url,
    }
}
