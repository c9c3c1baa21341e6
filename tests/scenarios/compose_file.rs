//! docker-compose.yml as it is written, every profile of it, without an engine. What really happens is shown by
//! `composed`, where there is one.

mod engines;
mod images;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("docker-compose.yml")).unwrap()
}

/// Every container that there can be, by its name.
fn containers() -> BTreeMap<String, Value> {
    let services = compose()["services"].as_object().unwrap().clone();
    assert!(services.len() > 18, "read as it should be");
    services.into_iter().collect()
}

fn texts(value: &Value) -> Vec<&str> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// `"15s"`.
fn seconds(value: &Value) -> u64 {
    let text = value.as_str().and_then(|text| text.strip_suffix('s'));
    text.and_then(|text| text.parse().ok()).expect("seconds")
}

/// `"128m"`.
fn megabytes(value: &Value) -> u64 {
    let text = value.as_str().and_then(|text| text.strip_suffix('m'));
    text.and_then(|text| text.parse().ok()).expect("megabytes")
}

/// Those of the profiles that no test starts too.
#[test]
fn every_container_is_confined_bounded_and_cannot_fill_the_disk() {
    for (name, container) in containers() {
        assert_eq!(container["read_only"], true, "{name}");
        assert_eq!(container["cap_drop"], json!(["ALL"]), "{name}");
        assert!(container["cap_add"].is_null(), "{name}");
        assert!(container["privileged"].is_null(), "{name}");
        let options = &container["security_opt"];
        assert_eq!(options, &json!(["no-new-privileges:true"]), "{name}");
        for bound in ["mem_limit", "cpus", "pids_limit"] {
            assert!(!container[bound].is_null(), "{name} has no {bound}");
        }
        let logging = &container["logging"]["options"];
        assert!(!logging["max-size"].is_null() && !logging["max-file"].is_null());
    }
}

/// A port without an address is open to the network, past most firewalls of the machine.
#[test]
fn ports_are_published_by_the_way_in_and_by_what_shows_figures_and_on_this_machine_alone() {
    let mut open = BTreeSet::new();
    for (name, container) in containers() {
        for port in texts(&container["ports"]) {
            let here = ["127.0.0.1:", "${ESCALE_BIND:-127.0.0.1}:"];
            assert!(
                here.iter().any(|here| port.starts_with(here)),
                "{name}: {port}"
            );
            open.insert(name.clone());
        }
    }
    let expected = ["balancer", "grafana", "jaeger", "one"];
    assert_eq!(
        open.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

/// A gateway faces the world, and so has no way to a database; nothing but a gateway has one to Redis.
#[test]
fn who_is_broken_into_reaches_no_more_than_he_needs() {
    let networks = compose()["networks"].clone();
    for inside in ["inside", "stores", "shared", "one"] {
        assert_eq!(networks[inside]["internal"], true, "{inside}");
    }
    let mut on = BTreeMap::<String, BTreeSet<String>>::new();
    for (name, container) in containers() {
        let names = match &container["networks"] {
            Value::Object(networks) => networks.keys().cloned().collect(),
            list => texts(list)
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        };
        for network in names {
            on.entry(network).or_default().insert(name.clone());
        }
    }
    let of = |network: &str| on[network].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("edge"), ["balancer", "gateway-1", "gateway-2", "one"]);
    assert_eq!(of("shared"), ["gateway-1", "gateway-2", "redis"]);
    let stores = ["auth", "bank", "booking", "catalog", "payment", "postgres"];
    assert_eq!(of("stores"), stores);
    for (name, container) in containers() {
        let has_none = container["networks"].is_null();
        assert_eq!(has_none, container["network_mode"] == "none", "{name}");
    }
}

#[test]
fn secrets_are_mounted_into_the_one_that_they_are_of_and_for_reading() {
    for (name, container) in containers() {
        for mount in texts(&container["volumes"]) {
            let parts: Vec<_> = mount.split(':').collect();
            if let Some(file) = parts[0].strip_prefix("./") {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
                assert!(path.exists(), "{name}: {file} is not there");
                assert_eq!(parts[2], "ro", "{name}: {mount}");
            }
            let of = parts[0].strip_prefix("secrets-");
            let (Some(of), true) = (of, name != "prepare") else {
                assert!(
                    parts[0] != "authority" || name == "prepare",
                    "{name}: {mount}"
                );
                continue;
            };
            let owners = match name.as_str() {
                "gateway-1" | "gateway-2" | "one" => "gateway",
                "accounts" => "auth",
                other => other.strip_prefix("one-").unwrap_or(other),
            };
            assert_eq!((of, parts[2]), (owners, "ro"), "{name}: {mount}");
        }
    }
}

/// Killed in the middle, a request that could have been answered is lost.
#[test]
fn a_container_is_given_more_time_than_it_takes_to_stop() {
    let example = read(".env.example");
    let of_services = example
        .lines()
        .find_map(|line| line.strip_prefix("STOP_SECONDS="));
    let of_services: u64 = of_services.expect("a default").parse().unwrap();
    for (name, container) in containers() {
        let image = container["image"].as_str().expect("an image");
        let is_ours = image.starts_with("escale/") && image != "escale/prepare";
        if is_ours {
            assert!(
                seconds(&container["stop_grace_period"]) > of_services + 1,
                "{name}"
            );
            assert!(container["environment"]["STOP_SECONDS"].is_null(), "{name}");
        }
    }
    let config = read("deploy/compose/haproxy.cfg");
    let hard = config
        .lines()
        .find_map(|line| line.trim().strip_prefix("hard-stop-after "));
    let hard = seconds(&json!(hard.expect("an end")));
    assert!(seconds(&containers()["balancer"]["stop_grace_period"]) > hard);
}
