//! A connection to Redis: TCP, TLS where the address asks for it, and the password.
//!
//! TLS is rustls with our provider and the authorities of one file. That of the `redis` crate would take the system's
//! authorities too.

use std::io;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisConnectionInfo, RedisResult};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::config::{RedisTls, SharedStoreConfig};

/// # Errors
/// Nobody listens, another than Redis does, a certificate of another authority, a wrong password.
pub(super) async fn connect(config: &SharedStoreConfig) -> RedisResult<MultiplexedConnection> {
    let tcp = TcpStream::connect((config.host.as_str(), config.port)).await?;
    tcp.set_nodelay(true)?;
    match &config.tls {
        None => greet(config, tcp).await,
        Some(tls) => {
            let name = ServerName::try_from(config.host.clone()).map_err(io::Error::other)?;
            let connector = TlsConnector::from(Arc::new(client_config(tls)?));
            greet(config, connector.connect(name, tcp).await?).await
        }
    }
}

/// Ends when the last clone of the connection is dropped.
async fn greet(
    config: &SharedStoreConfig,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> RedisResult<MultiplexedConnection> {
    // Its library's name and version are nobody's to know, and another right to ask for.
    let mut who = RedisConnectionInfo::default()
        .set_db(config.database)
        .set_skip_set_lib_name();
    if let Some(user) = &config.user {
        who = who.set_username(user);
    }
    if let Some(password) = &config.password {
        who = who.set_password(password.expose_secret());
    }
    // The deadline is the question's: see `SharedStore::ask`.
    let patient = AsyncConnectionConfig::new().set_response_timeout(None);
    let (connection, driver) =
        MultiplexedConnection::new_with_config(&who, stream, patient).await?;
    tokio::spawn(driver);
    Ok(connection)
}

fn client_config(tls: &RedisTls) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(&tls.authorities)? {
        roots.add(authority).map_err(io::Error::other)?;
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_client_auth_cert(certificates(&tls.certificate)?, key)
        .map_err(io::Error::other)
}

fn certificates(file: &std::path::Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).map_err(io::Error::other)?;
    read.collect::<Result<_, _>>().map_err(io::Error::other)
}
