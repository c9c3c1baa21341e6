//! HTTPS clients of a town: each trusts one authority, and follows nothing.

use std::path::Path;
use std::time::Duration;

use super::Town;

impl Town {
    /// A client that calls services directly with the certificate of `service`, as nobody outside can.
    pub fn peer(&self, service: &str) -> reqwest::Client {
        let (certificate, key) = self.certs.path(service);
        let read = |path: &Path| std::fs::read_to_string(path).expect("a PEM file");
        self.peer_with(Some((&read(&certificate), &read(&key))))
    }

    /// The same with any certificate, or none.
    pub fn peer_with(&self, identity: Option<(&str, &str)>) -> reqwest::Client {
        client(&self.certs.inside_ca(), identity)
    }

    /// A browser's client: the platform's root, no client certificate.
    pub fn public_client(&self) -> reqwest::Client {
        client(&self.certs.root(), None)
    }
}

pub(crate) fn client(authority: &Path, identity: Option<(&str, &str)>) -> reqwest::Client {
    let pem = std::fs::read(authority).expect("an authority");
    let roots = reqwest::Certificate::from_pem_bundle(&pem).expect("PEM");
    let builder = reqwest::Client::builder()
        .tls_certs_only(roots)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30));
    let builder = match identity {
        Some((certificate, key)) => {
            let pem = format!("{certificate}\n{key}");
            builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).expect("a PEM identity"))
        }
        None => builder,
    };
    builder.build().expect("a client")
}
