//! What a pod that was broken into cannot do, and what keeps it from wearing down its node.

use escale_lab::service::Service;
use serde_json::json;

use super::manifests::{base_and_bank, every_pod, named, of_kind, read, service, text};

#[test]
fn every_pod_is_confined() {
    let pod = every_pod();
    let expected = json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": {"drop": ["ALL"]}
    });
    let container = &pod["containers"][0];
    assert_eq!(container["securityContext"], expected);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    for id in ["runAsUser", "runAsGroup", "fsGroup"] {
        assert_eq!(
            pod["securityContext"][id], 65532,
            "that of the images: {id}"
        );
    }
    assert_eq!(
        pod["securityContext"]["seccompProfile"]["type"],
        "RuntimeDefault"
    );
    assert_eq!(pod["automountServiceAccountToken"], false);
    // A merge goes by the container's name, and reaches what includes it.
    for name in Service::ALL.map(Service::name) {
        let spec = service(name)["spec"]["template"]["spec"].clone();
        assert_eq!(spec["containers"].as_array().unwrap().len(), 1, "{name}");
        assert_eq!(spec["containers"][0]["name"], container["name"], "{name}");
        assert!(spec["containers"][0]["securityContext"].is_null());
        for own in [
            "securityContext",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "initContainers",
        ] {
            assert!(spec[own].is_null(), "{name}: {own}");
        }
        let account = named(&base_and_bank(), "ServiceAccount", name);
        assert_eq!(spec["serviceAccountName"], name, "its own: {name}");
        assert_eq!(account["automountServiceAccountToken"], false, "{name}");
    }
    for folder in ["base", "bank"] {
        let kustomization = read(&format!("../deploy/kubernetes/{folder}/kustomization.yaml"));
        assert!(kustomization.contains("- ../every-pod"), "{folder}");
    }
}

/// The second lock: a pod that asks for more than the rest of this file is not started.
#[test]
fn the_namespace_starts_no_pod_that_wants_more_and_no_service_has_rights_on_the_cluster() {
    let all = base_and_bank();
    let namespace = named(&all, "Namespace", "escale");
    let labels = &namespace["metadata"]["labels"];
    assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
    for kind in ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"] {
        assert_eq!(of_kind(&all, kind).count(), 0, "{kind}");
    }
}

/// Without a bound on its memory one pod takes the node's; without a request it is put where there is none.
#[test]
fn every_pod_says_what_it_takes_and_has_a_bound_on_its_memory() {
    for name in Service::ALL.map(Service::name) {
        let container = service(name)["spec"]["template"]["spec"]["containers"][0].clone();
        let mebibytes = |of: &str| {
            let said = text(&container["resources"][of]["memory"]).to_owned();
            let number = said.strip_suffix("Mi").map(str::parse::<u32>);
            number.expect("mebibytes").unwrap()
        };
        assert!(mebibytes("requests") <= mebibytes("limits"), "{name}");
        assert!(mebibytes("limits") <= 512, "{name}");
        let cpu = text(&container["resources"]["requests"]["cpu"]).to_owned();
        assert!(cpu.ends_with('m'), "{name}: {cpu}");
    }
}

/// A pod that cannot do its work gets none, and one that does not answer is started again; a database that is away is no
/// reason for that. Before it is stopped it still answers whoever has not heard yet.
#[test]
fn every_pod_is_asked_whether_it_works_and_is_stopped_slowly() {
    let pod = every_pod();
    let container = &pod["containers"][0];
    for (probe, path) in [
        ("startupProbe", "/ready"),
        ("readinessProbe", "/ready"),
        ("livenessProbe", "/health"),
    ] {
        let asked = json!({"path": path, "port": "metrics"});
        assert_eq!(container[probe]["httpGet"], asked, "{probe}");
    }
    let pause = &container["lifecycle"]["preStop"]["sleep"]["seconds"];
    let pause = pause.as_u64().expect("a pause");
    let in_all = pod["terminationGracePeriodSeconds"].as_u64();
    // STOP_SECONDS is 10.
    assert!(in_all.is_some_and(|in_all| in_all > pause + 10));
    for name in Service::ALL.map(Service::name) {
        let container = service(name)["spec"]["template"]["spec"]["containers"][0].clone();
        for own in [
            "startupProbe",
            "readinessProbe",
            "livenessProbe",
            "lifecycle",
        ] {
            assert!(container[own].is_null(), "{name}: {own}");
        }
    }
}

/// Another's identity in it would make it that other.
#[test]
fn a_pod_mounts_its_own_secrets_alone_and_only_its_group_reads_them() {
    for name in Service::ALL.map(Service::name) {
        let spec = service(name)["spec"]["template"]["spec"].clone();
        let volumes = spec["volumes"].as_array().expect("volumes");
        for volume in volumes {
            let secret = text(&volume["secret"]["secretName"]);
            assert!(secret.starts_with(&format!("{name}-")), "{name}: {secret}");
            // The digits as they are written: octal for kubectl, which reads YAML 1.1.
            let mode = volume["secret"]["defaultMode"].as_f64();
            assert_eq!(mode, Some(440.0), "{name}");
            let mounts = spec["containers"][0]["volumeMounts"].as_array().unwrap();
            let mount = mounts.iter().find(|mount| mount["name"] == volume["name"]);
            assert_eq!(mount.expect("a mount")["readOnly"], true, "{name}");
        }
    }
}
