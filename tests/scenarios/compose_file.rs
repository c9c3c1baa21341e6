//! docker-compose.yml and Dockerfile as they are written, in all profiles and without an engine: what each container may
//! do, what it sees, and who reaches it. What an engine makes of them is asked by `composed`.

mod engines;
mod images;
mod stopping;
mod written;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kubernetes::manifests::{read, text};
use written::{environment, file, megabytes, networks, services, volumes};

/// Those that hand out what others need; they are on no network.
const PREPARING: [&str; 3] = ["prepare", "ca", "accounts"];

#[test]
fn every_container_is_confined_whatever_its_profile() {
    let services = services();
    assert!(services.len() > 20, "read as it should be");
    for (name, service) in &services {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        let no_more = json!(["no-new-privileges:true"]);
        assert_eq!(service["security_opt"], no_more, "{name}");
        for wider in [
            "cap_add",
            "privileged",
            "devices",
            "pid",
            "ipc",
            "userns_mode",
        ] {
            assert!(service[wider].is_null(), "{name}: {wider}");
        }
        assert_ne!(service["network_mode"], "host", "{name}");
        let engine = volumes(service).any(|volume| volume.contains("docker.sock"));
        assert!(!engine, "{name} has the engine");
    }
}

#[test]
fn every_container_has_bounds_and_its_log_too() {
    for (name, service) in services() {
        assert!(service["pids_limit"].as_u64().is_some(), "{name}");
        assert!(service["cpus"].as_f64().is_some(), "{name}");
        let memory = megabytes(&service["mem_limit"]);
        assert!((1..=512).contains(&memory), "{name}: {memory}");
        let log = &service["logging"]["options"];
        assert!(!log["max-size"].is_null() && !log["max-file"].is_null());
    }
}

/// Of the images of others, these two have such a user of their own.
#[test]
fn nobody_is_root() {
    for (name, service) in services() {
        let image = text(&service["image"]);
        let brings_its_own = ["escale/", "grafana/", "jaegertracing/"];
        match service["user"].as_str() {
            Some(user) => assert!(!user.starts_with('0') && user != "root", "{name}: {user}"),
            None => {
                let known = brings_its_own.iter().any(|begin| image.starts_with(begin));
                assert!(known, "{name}: {image} runs as whoever it wants");
            }
        }
    }
    let dockerfile = read("../Dockerfile");
    let base = written::lines_of("ARG BASE=", &dockerfile)[0];
    assert!(base.starts_with("gcr.io/distroless/") && base.ends_with(":nonroot"));
    let users: Vec<&str> = written::lines_of("USER", &dockerfile);
    assert_eq!(users, ["65532:65532"], "once, for all stages that follow");
}

#[test]
fn from_outside_one_door_is_open_and_pages_for_operators_on_this_machine() {
    let door = "${ESCALE_BIND:-127.0.0.1}:${ESCALE_PORT:-8080}:8080";
    for (name, service) in services() {
        let expected = match name.as_str() {
            "balancer" | "one" => json!([door]),
            "grafana" => json!(["127.0.0.1:${ESCALE_GRAFANA_PORT:-3000}:3000"]),
            "jaeger" => json!(["127.0.0.1:${ESCALE_JAEGER_PORT:-16686}:16686"]),
            _ => Value::Null,
        };
        assert_eq!(service["ports"], expected, "{name}");
    }
}

/// A network without a way out is `internal`; whoever is on one with a way out serves the world or an operator.
#[test]
fn who_keeps_data_has_no_way_out_and_who_faces_the_world_none_to_a_database() {
    let file = file();
    for internal in ["inside", "stores", "shared", "one"] {
        assert_eq!(file["networks"][internal]["internal"], true, "{internal}");
    }
    let with_a_way_out = BTreeSet::from(["edge".to_owned(), "watch".to_owned()]);
    for (name, service) in services() {
        let on = networks(&service);
        if PREPARING.contains(&name.as_str()) {
            assert_eq!(service["network_mode"], "none", "{name}");
            assert!(on.is_empty(), "{name}");
            continue;
        }
        assert!(
            service["network_mode"].is_null() && !on.is_empty(),
            "{name}"
        );
        let environment = environment(&service);
        let asks = |setting: &str| environment.contains_key(setting);
        let is_at = |network: &str| on.contains(network);
        let keeps = asks("DATABASE_URL_FILE") || name == "postgres";
        assert_eq!(is_at("stores"), keeps, "{name}: {on:?}");
        let shares = asks("REDIS_URL_FILE") || name == "redis";
        assert_eq!(is_at("shared"), shares, "{name}: {on:?}");
        let goes_out = on.intersection(&with_a_way_out).next().is_some();
        let may = [
            "balancer",
            "gateway-1",
            "gateway-2",
            "one",
            "prometheus",
            "grafana",
            "jaeger",
        ];
        assert_eq!(goes_out, may.contains(&name.as_str()), "{name}: {on:?}");
    }
}

#[test]
fn each_container_reads_its_own_secrets_and_no_environment_holds_one() {
    for (name, service) in services() {
        let own = name
            .trim_start_matches("one-")
            .trim_end_matches(['1', '2', '-']);
        let own = match own {
            "one" => "gateway",
            "accounts" => "auth",
            own => own,
        };
        for volume in volumes(&service).filter(|_| name != "prepare") {
            let of = volume.split(':').next().expect("a source");
            assert_ne!(of, "authority", "{name} could play every service");
            if let Some(whose) = of.strip_prefix("secrets-") {
                assert_eq!(whose, own, "{name}");
                assert!(volume.ends_with(":ro"), "{name}: {volume}");
            }
        }
        for (key, value) in environment(&service) {
            let by_file = key.ends_with("_FILE") || value.is_empty();
            let secret = ["PASSWORD", "SECRET", "_KEY", "REDIS_URL"];
            let is_one =
                secret.iter().any(|word| key.ends_with(word)) || value.contains("postgres:");
            assert!(by_file || !is_one, "{name}: {key}");
        }
    }
}

/// A dead container that is called healthy is never started again, and gets customers.
#[test]
fn every_container_that_others_lean_on_is_asked_whether_it_works() {
    let dockerfile = read("../Dockerfile");
    let services = services();
    for (name, service) in &services {
        let needs = service["depends_on"].as_object().into_iter().flatten();
        for (other, how) in needs {
            let expected = match other.as_str() {
                "prepare" => "service_completed_successfully",
                _ => "service_healthy",
            };
            assert_eq!(how["condition"], expected, "{name} -> {other}");
            let asked = services[other]["healthcheck"]["test"].is_array();
            let by_image = text(&services[other]["image"]).strip_prefix("escale/");
            assert!(asked || by_image.is_some(), "{other}");
        }
    }
    for stage in ["gateway", "auth", "catalog", "booking", "payment", "bank"] {
        let begin = format!("FROM service AS {stage}\n");
        let (_, rest) = dockerfile.split_once(&begin).expect("a stage");
        let stage = rest.split("\nFROM ").next().expect("its lines");
        let [program] = written::lines_of("ENTRYPOINT", stage)[..] else {
            panic!("{stage}");
        };
        let program = program.trim_matches(['[', ']']);
        let asked = format!("CMD [{program}, \"health\"]");
        assert!(written::lines_of("HEALTHCHECK", stage)[0].ends_with(&asked));
    }
}
