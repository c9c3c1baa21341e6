//! What happens to pods when something is changed: how long they have to end, who waits for whom, what the database has to
//! bear meanwhile.

use escale_lab::service::Service;

use super::manifests::{
    base_and_bank, environment, every_pod, named, of_kind, read, service, text,
};

/// Whoever is cut off in the middle loses what runs.
#[test]
fn a_pod_is_given_more_time_than_it_takes_to_end() {
    let pod = every_pod();
    let seconds = |value: &serde_json::Value| value.as_u64().expect("seconds");
    let sleep = seconds(&pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]);
    let given = seconds(&pod["terminationGracePeriodSeconds"]);
    // The last second is the admin address's; those after it are for background jobs and the database.
    for name in Service::ALL.map(Service::name) {
        let stop: u64 = environment(name)["STOP_SECONDS"].parse().expect("seconds");
        assert!(
            sleep + stop + 1 + 5 <= given,
            "{name}: {sleep} {stop} {given}"
        );
    }
}

/// A Deployment's new pod comes first. A StatefulSet has no such thing: it has to be two at least.
#[test]
fn an_update_takes_no_service_away() {
    for name in ["auth", "catalog", "booking", "payment"] {
        let strategy = &service(name)["spec"]["strategy"]["rollingUpdate"];
        assert_eq!(strategy["maxUnavailable"], 0, "{name}");
        assert_eq!(strategy["maxSurge"], 1, "{name}");
    }
    let scaler = named(&base_and_bank(), "HorizontalPodAutoscaler", "gateway");
    assert!(scaler["spec"]["minReplicas"].as_u64() >= Some(2));
}

/// A ConfigMap that keeps its name changes under running pods, some of which have read the old one.
#[test]
fn no_setting_changes_without_new_pods() {
    let kustomization = read("../deploy/kubernetes/base/kustomization.yaml");
    let base: serde_json::Value = serde_saphyr::from_str(&kustomization).unwrap();
    let generated = base["configMapGenerator"].as_array().expect("a list").len();
    assert_eq!(of_kind(&base_and_bank(), "ConfigMap").count(), generated);
    assert!(base["generatorOptions"]["disableNameSuffixHash"].is_null());
}

/// Each replica at the most, and the one that comes first in an update, with its whole pool.
#[test]
fn the_pages_say_how_many_connections_postgresql_must_take() {
    let all = base_and_bank();
    let number = |value: &serde_json::Value| value.as_u64().expect("a number");
    let connections: u64 = of_kind(&all, "HorizontalPodAutoscaler")
        .map(|scaler| (text(&scaler["metadata"]["name"]).to_owned(), scaler))
        .filter(|(name, _)| environment(name).contains_key("DATABASE_CONNECTIONS"))
        .map(|(name, scaler)| {
            let pool: u64 = environment(&name)["DATABASE_CONNECTIONS"].parse().unwrap();
            let surge = number(&service(&name)["spec"]["strategy"]["rollingUpdate"]["maxSurge"]);
            (number(&scaler["spec"]["maxReplicas"]) + surge) * pool
        })
        .sum();
    assert!(connections > 0);
    for page in ["../docs/kubernetes.md", "../docs/kubernetes.fr.md"] {
        let told = format!("**{connections}**");
        assert!(read(page).contains(&told), "{page}: {told}");
    }
}
