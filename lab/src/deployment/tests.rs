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

/// Proves: R5
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

fn of_the_workspace(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    fs::read_to_string(&path).expect(file)
}

/// A setting that no service knows would be one that does nothing, without a word.
#[test]
fn every_setting_in_docker_compose_is_one_that_exists() {
    let compose = of_the_workspace("docker-compose.yml");
    let example = of_the_workspace(".env.example");
    let is_key = |key: &&str| {
        key.contains('_')
            && key
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let keys = compose
        .lines()
        .filter_map(|line| line.trim().split_once(':'));
    let keys: Vec<_> = keys.map(|(key, _)| key).filter(is_key).collect();
    assert!(keys.len() > 30, "read as it should be: {keys:?}");
    let of_others = ["POSTGRES_", "GF_"];
    for key in keys {
        let known = example.lines().any(|line| {
            let setting = line.split_once('=').map(|(name, _)| name);
            setting == Some(key) || setting.is_some_and(|name| key == format!("{name}_FILE"))
        });
        let others = of_others.iter().any(|begin| key.starts_with(begin));
        assert!(known || others, "{key} is no setting");
    }
}

#[test]
fn images_are_pinned_and_the_compiler_is_the_one_of_the_workspace() {
    let (compose, dockerfile) = (
        of_the_workspace("docker-compose.yml"),
        of_the_workspace("Dockerfile"),
    );
    let images = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("image: "));
    let (ours, others): (Vec<_>, Vec<_>) = images.partition(|name| name.starts_with("escale/"));
    assert!(ours.len() > 10 && others.len() >= 5);
    for name in others {
        let tag = name
            .rsplit_once(':')
            .map(|(_, tag)| tag)
            .unwrap_or_default();
        let numbered = tag.bytes().any(|byte| byte.is_ascii_digit());
        assert!(numbered && tag != "latest", "{name}");
    }
    let toolchain = of_the_workspace("rust-toolchain.toml");
    let version = toolchain.split('"').nth(1).expect("a version");
    let minor = version.rsplit_once('.').expect("three numbers").0;
    assert!(
        dockerfile.contains(&format!("ARG BUILDER=rust:{minor}-")),
        "{version}"
    );
}
