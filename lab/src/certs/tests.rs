//! The claims about certificates, checked with the verifiers that browsers' and services' TLS use.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, crypto::aws_lc_rs};
use service_kit::spiffe::SpiffeId;
use tempfile::TempDir;

use super::*;

fn folder() -> (TempDir, CertsDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let certs = CertsDir::create(&folder.path().join("certs")).expect("certificates");
    (folder, certs)
}

fn chain(pem: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .expect("PEM")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

fn trust(path: &Path) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for authority in chain(&read(path)) {
        roots.add(authority).expect("an authority");
    }
    Arc::new(roots)
}

fn serves(authority: &Path, chain_pem: &str, name: &str) -> Result<(), rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(trust(authority), provider)
        .build()
        .expect("a verifier");
    let certificates = chain(chain_pem);
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    verifier
        .verify_server_cert(
            &certificates[0],
            &certificates[1..],
            &name,
            &[],
            UnixTime::now(),
        )
        .map(drop)
}

fn is_client(authority: &Path, chain_pem: &str) -> bool {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(trust(authority), provider)
        .build()
        .expect("a verifier");
    let certificates = chain(chain_pem);
    verifier
        .verify_client_cert(&certificates[0], &certificates[1..], UnixTime::now())
        .is_ok()
}

/// Proves: L13, val-certificates
#[test]
fn the_edge_is_trusted_through_the_root_under_its_names_and_no_others() {
    let (_folder, certs) = folder();
    let edge = read(&certs.path(EDGE).0);
    for name in ["localhost", "gateway", "127.0.0.1", "::1"] {
        serves(&certs.root(), &edge, name).expect(name);
    }
    serves(&certs.root(), &edge, "auth").expect_err("not its name");
}

/// Proves: L13
#[test]
fn every_service_serves_and_calls_under_the_inside_authority() {
    let (_folder, certs) = folder();
    for service in Service::ALL {
        let leaf = read(&certs.path(service.name()).0);
        for name in [
            service.name(),
            &format!("{service}-service"),
            "localhost",
            "127.0.0.1",
            "::1",
        ] {
            serves(&certs.inside_ca(), &leaf, name).expect(name);
        }
        assert!(is_client(&certs.inside_ca(), &leaf), "{service}");
        let id = SpiffeId::of_certificate(&chain(&leaf)[0]).expect("one id, not an authority");
        assert_eq!(id, SpiffeId::of(service.name()));
    }
}

#[test]
fn an_edge_certificate_is_no_client_certificate_inside() {
    let (_folder, certs) = folder();
    assert!(!is_client(&certs.inside_ca(), &read(&certs.path(EDGE).0)));
}

#[test]
fn a_stranger_with_the_right_names_and_an_expired_certificate_are_refused() {
    let (_folder, certs) = folder();
    let strangers = Authorities::generate().expect("authorities");
    let (foreign, _) = strangers
        .issue_service("gateway", Validity::leaf())
        .expect("a leaf");
    assert!(!is_client(&certs.inside_ca(), &foreign));
    let own = certs.authorities().expect("authorities");
    let (expired, _) = own
        .issue_service("gateway", Validity::expired())
        .expect("a leaf");
    let error = serves(&certs.inside_ca(), &expired, "gateway").expect_err("expired");
    assert!(error.to_string().contains("expired"), "{error}");
}

#[test]
fn the_root_cannot_speak_for_anybody_elses_host() {
    let (_folder, certs) = folder();
    let own = certs.authorities().expect("authorities");
    let (leaf, _) = own
        .issue_service("bank.example", Validity::leaf())
        .expect("a leaf");
    let error = serves(&certs.root(), &leaf, "bank.example").expect_err("out of bounds");
    assert!(error.to_string().contains("NameConstraint"), "{error}");
}

/// Proves: R5, L13
#[cfg(unix)]
#[test]
fn every_private_key_is_its_owners_alone() {
    let (_folder, certs) = folder();
    assert_eq!(certs.keys().len(), 10);
    for key in certs.keys() {
        assert!(
            !crate::private_file::is_open_to_others(&key).expect("a key"),
            "{}",
            key.display()
        );
    }
}

#[test]
fn a_renewal_keeps_the_authorities_and_changes_every_key_and_serial() {
    let (_folder, certs) = folder();
    let leaves = || -> BTreeSet<String> {
        leaf_names()
            .flat_map(|name| [read(&certs.path(name).0), read(&certs.path(name).1)])
            .collect()
    };
    let (old, root, inside) = (leaves(), read(&certs.root()), read(&certs.inside_ca()));
    certs.renew().expect("renewed");
    assert!(old.is_disjoint(&leaves()));
    assert_eq!(
        (root, inside),
        (read(&certs.root()), read(&certs.inside_ca()))
    );
    serves(&certs.root(), &read(&certs.path(EDGE).0), "localhost").expect("still trusted");
}

#[test]
fn only_what_is_missing_or_broken_is_made_again() {
    let (_folder, certs) = folder();
    assert_eq!(certs.make_missing().expect("whole"), Vec::<&str>::new());
    fs::remove_file(certs.path("auth").1).expect("the key");
    fs::copy(certs.path("bank").1, certs.path("catalog").1).expect("another's key");
    assert_eq!(certs.make_missing().expect("mended"), ["auth", "catalog"]);
}

#[test]
fn authorities_that_are_there_in_part_are_never_replaced() {
    let (_folder, certs) = folder();
    let [root_key, ..] = authorities::key_paths(certs.root().parent().expect("a folder"));
    fs::remove_file(root_key).expect("the key");
    certs.make_missing().expect_err("the root's key is gone");
}

#[test]
fn leaves_near_their_end_are_found_and_renewed() {
    let (_folder, certs) = folder();
    let now = OffsetDateTime::now_utc();
    assert!(
        certs
            .renew_ending(RENEW_DAYS, now)
            .expect("read")
            .is_empty()
    );
    let (short, key) = certs
        .authorities()
        .and_then(|own| own.issue_service("payment", Validity::days(13)))
        .expect("a leaf");
    let (certificate_path, key_path) = certs.path("payment");
    write_secret(&key_path, &key).expect("written");
    write_public(&certificate_path, &short).expect("written");
    assert_eq!(
        certs.renew_ending(RENEW_DAYS, now).expect("renewed"),
        ["payment"]
    );
}

/// Proves: L13
#[test]
fn a_leaf_lives_ninety_days_at_the_most() {
    let (_folder, certs) = folder();
    let now = OffsetDateTime::now_utc();
    for report in certs.show().expect("readable") {
        let authority = ["root", "inside"].contains(&report.name);
        let days = report.days_left(now);
        assert!(authority || (88..=90).contains(&days), "{report:?}");
        assert!(report.not_before < now);
        assert_eq!(
            report.spiffe_id.is_some(),
            !authority && report.name != EDGE
        );
    }
}
