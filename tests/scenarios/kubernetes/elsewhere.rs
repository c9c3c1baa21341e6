//! The ways that the network policies leave open to and from what is not ours: the world, databases, Prometheus, DNS.

use std::collections::BTreeSet;

use serde_json::Value;

use super::manifests::{base_and_bank, of_kind, text};

const NAME: &str = "app.kubernetes.io/name";

/// A rule without peers is one for the world.
#[test]
fn from_elsewhere_and_to_elsewhere_there_are_these_ways_and_no_others() {
    let all = base_and_bank();
    let expected: BTreeSet<String> = [
        "* egress kube-system/kube-dns UDP 53",
        "* egress kube-system/kube-dns TCP 53",
        "* egress monitoring TCP 4318",
        "* ingress monitoring TCP 9100",
        "gateway ingress the world TCP 8080",
        "gateway egress escale-stores/redis TCP 6379",
        "auth egress escale-stores/postgres TCP 5432",
        "catalog egress escale-stores/postgres TCP 5432",
        "booking egress escale-stores/postgres TCP 5432",
        "payment egress escale-stores/postgres TCP 5432",
        "bank egress escale-stores/postgres TCP 5432",
    ]
    .map(str::to_owned)
    .into();
    let mut found = BTreeSet::new();
    for policy in of_kind(&all, "NetworkPolicy") {
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for rule in policy["spec"][direction].as_array().into_iter().flatten() {
                found.extend(ways(&policy["spec"], direction, &rule[peers], rule));
            }
        }
    }
    assert_eq!(found, expected);
}

/// A rule's ways to peers that are not pods of this namespace.
fn ways(spec: &Value, direction: &str, peers: &Value, rule: &Value) -> Vec<String> {
    let owner = spec["podSelector"]["matchLabels"][NAME]
        .as_str()
        .unwrap_or("*");
    let none = Vec::new();
    let peers = peers.as_array().unwrap_or(&none);
    let mut others: Vec<String> = peers.iter().filter_map(elsewhere).collect();
    if peers.is_empty() {
        others.push("the world".to_owned());
    }
    let ports = rule["ports"].as_array();
    let ports = ports.map_or_else(
        || vec!["every port".to_owned()],
        |list| {
            let port = |port: &Value| format!("{} {}", text(&port["protocol"]), port["port"]);
            list.iter().map(port).collect()
        },
    );
    let of_port = |other: &String| {
        let begin = format!("{owner} {direction} {other}");
        ports.iter().map(move |port| format!("{begin} {port}"))
    };
    others.iter().flat_map(of_port).collect()
}

/// `namespace/pod`, or what else is not a pod of this namespace.
fn elsewhere(peer: &Value) -> Option<String> {
    let labels = |selector: &str| {
        let labels = peer[selector]["matchLabels"].as_object();
        labels.and_then(|labels| labels.values().next()?.as_str().map(str::to_owned))
    };
    if peer["namespaceSelector"].is_null() {
        let is_ours = peer["ipBlock"].is_null() && labels("podSelector").is_some();
        return (!is_ours).then(|| peer.to_string());
    }
    let namespace = labels("namespaceSelector").unwrap_or_else(|| "any namespace".to_owned());
    let pod = labels("podSelector").map(|pod| format!("/{pod}"));
    Some(format!("{namespace}{}", pod.unwrap_or_default()))
}
