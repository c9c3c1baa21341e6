use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::certs::CertsDir;
use crate::private_file::is_open_to_others;
use crate::service::Service;

const CONSOLE: Console = Console {
    lang: Lang::En,
    json: true,
    color: false,
    progress: false,
};

fn prepare_in(dir: &Path) {
    run_words(&[], dir, &CONSOLE).expect("prepared");
}

/// Each file below the folders of services and engines, with its content.
fn handed_out(dir: &Path) -> BTreeMap<String, String> {
    let list = |path: &Path| fs::read_dir(path).expect("a folder").flatten();
    let folders = list(dir).filter(|entry| entry.file_name() != "authority");
    folders
        .flat_map(|folder| list(&folder.path()).collect::<Vec<_>>())
        .map(|file| {
            let path = file.path();
            let name = path.strip_prefix(dir).expect("below").display().to_string();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

#[test]
fn each_service_is_given_its_own_key_and_password_and_nobody_elses() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    prepare_in(dir.path());
    let files = handed_out(dir.path());
    let originals = Layout::at(&dir.path().join("authority"));
    for service in Service::ALL {
        let key = fs::read_to_string(originals.certs().path(service.name()).1).expect("a key");
        let holders: Vec<_> = files.iter().filter(|(_, text)| **text == key).collect();
        assert_eq!(holders.len(), 1, "{service}");
        assert_eq!(holders[0].0, &format!("{service}/key.pem"));
    }
    for authority in CertsDir::at(&originals.certs_folder()).keys() {
        let name = authority.display().to_string();
        if name.contains("authority/certs/authority")
            || name.contains("authority\\certs\\authority")
        {
            let key = fs::read_to_string(&authority).expect("a key");
            assert!(
                !files.values().any(|text| text.contains(key.trim())),
                "{name}"
            );
        }
    }
    for service in Service::ALL
        .into_iter()
        .filter(|service| service.has_store())
    {
        let password = &files[&format!("postgres/{service}")];
        let url = format!("postgres://{service}:{password}@postgres/{service}");
        assert_eq!(files[&format!("{service}/database-url")], url);
        let told = files
            .values()
            .filter(|text| text.contains(password.as_str()));
        assert_eq!(told.count(), 2, "{service} and PostgreSQL alone know it");
    }
}

#[test]
fn a_second_run_changes_nothing_and_no_secret_is_open_to_all() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    prepare_in(dir.path());
    let first = handed_out(dir.path());
    prepare_in(dir.path());
    assert_eq!(first, handed_out(dir.path()));
    for name in first.keys() {
        let path = dir.path().join(name);
        let group_only = name.starts_with("postgres/") || name.starts_with("redis/");
        let certificate = [".pem"].iter().any(|end| name.ends_with(end)) && !name.contains("key");
        let open = is_open_to_others(&path).expect("there");
        assert_eq!(open, cfg!(unix) && (group_only || certificate), "{name}");
        #[cfg(unix)]
        if group_only {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o640, "{name}");
        }
    }
}

#[test]
fn renewed_originals_are_handed_out_by_the_next_run() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    prepare_in(dir.path());
    let before = handed_out(dir.path());
    let originals = Layout::at(&dir.path().join("authority"));
    originals.certs().renew().expect("renewed");
    prepare_in(dir.path());
    let after = handed_out(dir.path());
    for file in [
        "booking/key.pem",
        "booking/cert.pem",
        "gateway/edge-cert.pem",
    ] {
        assert_ne!(before[file], after[file], "{file}");
    }
    for file in ["public/ca.pem", "auth/master-key", "auth/database-url"] {
        assert_eq!(before[file], after[file], "{file}");
    }
}

#[test]
fn before_anything_is_prepared_there_is_no_authority_to_print() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let refused = run_words(&["ca".into()], dir.path(), &CONSOLE).expect_err("nothing there");
    assert_eq!(exit_code(&refused), service_kit::process::EXIT_CONFIG);
    let refused = run_words(&["burn".into()], dir.path(), &CONSOLE).expect_err("no such word");
    assert_eq!(exit_code(&refused), 2);
}
