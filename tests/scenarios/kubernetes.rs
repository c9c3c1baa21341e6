//! The manifests of `deploy/kubernetes` say what the code does: settings, ports, names, who may speak to whom. Whether
//! Kubernetes takes them is asked by `deploy/ci/kubernetes`.

mod confined;
mod elsewhere;
pub(crate) mod manifests;
mod peers;
mod rollout;
mod stores;

use std::collections::{BTreeMap, BTreeSet};

use escale_lab::service::Service;
use service_kit::config::Settings;

use manifests::{
    Environment, base_and_bank, environment, named, of_kind, read, secrets_of, service, text,
};

#[test]
fn every_setting_in_the_manifests_is_one_that_a_service_reads() {
    let example = read("../.env.example");
    let known: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, _)| key)
        .collect();
    for name in Service::ALL.map(Service::name) {
        for key in environment(name).keys() {
            // A secret's variable is told of by its own name, and once for all that a file may hold it.
            let own = key.strip_suffix("_FILE").unwrap_or(key);
            let is_known = known.contains(key.as_str()) || known.contains(own);
            assert!(is_known, "{name}: nobody reads {key}");
        }
    }
}

#[test]
fn each_service_has_a_whole_configuration() {
    let folder = tempfile::tempdir().unwrap();
    for name in Service::ALL.map(Service::name) {
        let settings = Settings::from_pairs(with_files(&environment(name), folder.path()));
        let faults = match name {
            "auth" => settings.load(auth_service::Config::read).err(),
            "catalog" => settings.load(catalog_service::Config::read).err(),
            "booking" => settings.load(booking_service::Config::read).err(),
            "payment" => settings.load(payment_service::Config::read).err(),
            "bank" => settings
                .load(payment_service::test_bank::Config::read)
                .err(),
            _ => settings.load(gateway::Config::read).err(),
        };
        assert!(faults.is_none(), "{name}: {}", faults.unwrap());
    }
}

/// Every file that is named is there, with something in it that can be read as what it is.
fn with_files(environment: &Environment, folder: &std::path::Path) -> Environment {
    let mut pairs = environment.clone();
    for (key, value) in &mut pairs {
        let content = match key.as_str() {
            "DATABASE_URL_FILE" => "postgres://escale@postgres/escale",
            "REDIS_URL_FILE" => "redis://:a-password@redis:6379",
            "AUDIT_KEY_FILE" | "AUTH_MASTER_KEY_FILE" => {
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
            }
            key if key.ends_with("_FILE") => "-",
            _ => continue,
        };
        let file = folder.join(key);
        std::fs::write(&file, content).unwrap();
        *value = file.display().to_string();
    }
    pairs
}

#[test]
fn ports_are_those_of_the_services() {
    for of in Service::ALL {
        let (name, port) = (of.name(), of.default_port());
        let workload = service(name);
        let ports = &workload["spec"]["template"]["spec"]["containers"][0]["ports"];
        assert_eq!(ports[0]["containerPort"], port, "{name}");
        let environment = environment(name);
        assert_eq!(environment["LISTEN_ADDR"], format!("0.0.0.0:{port}"));
        let metrics = environment["METRICS_ADDR"]
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(ports[1]["containerPort"].to_string(), metrics, "{name}");
        let found = named(&base_and_bank(), "Service", name);
        let outward = if name == "gateway" { 443 } else { port };
        assert_eq!(found["spec"]["ports"][0]["port"], outward, "{name}");
        assert_eq!(found["spec"]["ports"][0]["targetPort"], ports[0]["name"]);
    }
}

/// Proves: R5
#[test]
fn secrets_are_referred_to_and_none_is_written_down() {
    let all = base_and_bank();
    assert_eq!(of_kind(&all, "Secret").count(), 0);
    for name in Service::ALL.map(Service::name) {
        for key in environment(name).keys() {
            let secret = ["DATABASE_URL", "REDIS_URL", "AUTH_MASTER_KEY", "AUDIT_KEY"];
            assert!(!secret.contains(&key.as_str()), "{name}: {key}");
        }
    }
    let made: BTreeSet<String> = of_kind(&all, "Certificate")
        .map(|certificate| text(&certificate["spec"]["secretName"]).to_owned())
        .collect();
    let pages = ["../docs/kubernetes.md", "../docs/kubernetes.fr.md"].map(read);
    for name in Service::ALL.map(Service::name) {
        for secret in secrets_of(&service(name)) {
            let told = pages
                .iter()
                .all(|page| page.contains(&format!("`{secret}`")));
            assert!(made.contains(&secret) || told, "who makes {secret}?");
        }
    }
}

#[test]
fn what_serves_clients_is_there_twice_and_is_never_all_taken_away() {
    let all = base_and_bank();
    let mut least = BTreeMap::new();
    for scaler in of_kind(&all, "HorizontalPodAutoscaler") {
        let target = text(&scaler["spec"]["scaleTargetRef"]["name"]).to_owned();
        least.insert(target, scaler["spec"]["minReplicas"].clone());
    }
    for name in ["gateway", "auth", "catalog", "booking", "payment"] {
        assert_eq!(least[name], 2, "{name}");
        let budget = named(&all, "PodDisruptionBudget", name);
        assert_eq!(budget["spec"]["maxUnavailable"], 1, "{name}");
        let labels = &service(name)["spec"]["template"]["metadata"]["labels"];
        let selected = &budget["spec"]["selector"]["matchLabels"];
        let key = "app.kubernetes.io/name";
        assert_eq!(selected[key], labels[key], "{name}");
    }
}
