//! Who is who in the cluster, and who may open a connection to whom.

use std::collections::BTreeSet;

use escale_lab::service::Service;
use serde_json::{Value, json};
use service_kit::spiffe::SpiffeId;

use super::manifests::{base_and_bank, environment, named, of_kind, text};
use crate::pages::callers_in_code;

/// Proves: S4
#[test]
fn every_service_is_called_by_the_one_id_that_the_others_believe() {
    let all = base_and_bank();
    for name in Service::ALL.map(Service::name) {
        let spec = &named(&all, "Certificate", &format!("{name}-identity"))["spec"];
        assert_eq!(spec["uris"], json!([SpiffeId::of(name).as_str()]), "{name}");
        assert_eq!(spec["dnsNames"], json!([name]));
        assert_eq!(
            spec["usages"],
            json!(["digital signature", "server auth", "client auth"])
        );
        assert_eq!(spec["issuerRef"]["name"], "inside");
        assert!(spec["isCA"].is_null(), "{name} is no authority");
        let days = text(&spec["duration"]).trim_end_matches('h').parse::<u32>();
        assert!(days.unwrap() <= 90 * 24, "{name}");
    }
    // What the services call each other by is what stands in those certificates.
    for (key, value) in environment("gateway") {
        if let Some(rest) = value
            .strip_prefix("https://")
            .filter(|_| key != "ISSUER_URL")
        {
            let (host, port) = rest.split_once(':').unwrap();
            let of = Service::ALL.into_iter().find(|of| of.name() == host);
            assert_eq!(of.unwrap().default_port().to_string(), port, "{key}");
        }
    }
}

/// Proves: S4
#[test]
fn nobody_opens_a_connection_but_along_the_arrows() {
    let all = base_and_bank();
    let nobody = named(&all, "NetworkPolicy", "nobody");
    let expected = json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]});
    assert_eq!(nobody["spec"], expected);
    let expected: BTreeSet<(String, String)> = callers_in_code()
        .iter()
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            (words.next().unwrap(), words.next().unwrap())
        })
        .collect();
    assert!(expected.len() >= 8, "{expected:?}");
    assert_eq!(arrows(&all, "ingress", "from"), expected);
    assert_eq!(arrows(&all, "egress", "to"), expected);
}

/// "Who opens a connection to whom", as one of its two ends sees it.
fn arrows(all: &[Value], direction: &str, peers: &str) -> BTreeSet<(String, String)> {
    let label = |selector: &Value| {
        let labels = &selector["matchLabels"];
        labels["app.kubernetes.io/name"].as_str().map(str::to_owned)
    };
    let mut found = BTreeSet::new();
    for policy in of_kind(all, "NetworkPolicy") {
        let Some(owner) = label(&policy["spec"]["podSelector"]) else {
            continue;
        };
        for rule in policy["spec"][direction].as_array().into_iter().flatten() {
            for peer in rule[peers].as_array().into_iter().flatten() {
                if !peer["namespaceSelector"].is_null() {
                    continue;
                }
                let other = label(&peer["podSelector"]).expect("a pod of ours");
                let called = if direction == "egress" {
                    &other
                } else {
                    &owner
                };
                let of = Service::ALL.into_iter().find(|of| of.name() == called);
                let port = of.expect("a service").default_port();
                assert_eq!(rule["ports"], json!([{"protocol": "TCP", "port": port}]));
                found.insert(match direction {
                    "egress" => (owner.clone(), other),
                    _ => (other, owner.clone()),
                });
            }
        }
    }
    found
}
