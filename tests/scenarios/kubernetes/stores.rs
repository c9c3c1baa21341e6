//! PostgreSQL and Redis of a cluster: reached over TLS, with authorities that come with the secret.

use escale_lab::service::Service;
use service_kit::config::Settings;

use super::manifests::{environment, read};

/// `rediss://` wants an authority, and a gateway that has none does not start.
#[test]
fn the_gateway_takes_a_redis_over_tls_as_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut environment = environment("gateway");
    for (key, value) in &mut environment {
        if key.ends_with("_FILE") {
            let content = match key.as_str() {
                "REDIS_URL_FILE" => "rediss://gateway:password@redis.escale-stores",
                _ => "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            };
            let file = folder.path().join(key);
            std::fs::write(&file, content).unwrap();
            *value = file.display().to_string();
        }
    }
    let settings = Settings::from_pairs(environment);
    let faults = settings.load(gateway::Config::read).err();
    assert!(faults.is_none(), "{}", faults.unwrap());
}

/// What the pages tell to put into a secret is where the pages say it is.
#[test]
fn the_authority_of_a_database_lies_beside_its_address() {
    for name in ["auth", "catalog", "booking", "payment", "bank"] {
        assert!(Service::ALL.iter().any(|of| of.name() == name));
        let url = environment(name)["DATABASE_URL_FILE"].clone();
        let folder = url.strip_suffix("/url").expect("a key of the secret");
        for page in ["../docs/kubernetes.md", "../docs/kubernetes.fr.md"] {
            let told = format!("sslrootcert={folder}/ca.crt`");
            assert!(read(page).contains(&told), "{page}: {told}");
        }
    }
    let redis = environment("gateway")["REDIS_CA_FILE"].clone();
    assert_eq!(redis, "/run/escale/redis/ca.crt");
}
