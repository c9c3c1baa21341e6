//! Reads the manifests as they are written, without kustomize: the base and the test bank, before any overlay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

pub(super) type Environment = BTreeMap<String, String>;

/// A file of the project, seen from this package.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn objects(folder: &str) -> Vec<Value> {
    let folder = format!("../deploy/kubernetes/{folder}");
    let kustomization: Value =
        serde_saphyr::from_str(&read(&format!("{folder}/kustomization.yaml"))).unwrap();
    let files = kustomization["resources"].as_array().expect("resources");
    let mut all = Vec::new();
    for file in files {
        let path = format!("{folder}/{}", text(file));
        let of_file: Vec<Value> = serde_saphyr::from_multiple(&read(&path)).unwrap();
        all.extend(of_file);
    }
    let generated = kustomization["configMapGenerator"].as_array();
    all.extend(
        generated
            .into_iter()
            .flatten()
            .map(|of| generated_map(&folder, of)),
    );
    all
}

/// As kustomize makes it, but for the hash at the end of its name.
fn generated_map(folder: &str, generator: &Value) -> Value {
    let files = generator["envs"].as_array().expect("files of settings");
    let text: String = files
        .iter()
        .map(|file| read(&format!("{folder}/{}", text(file))))
        .collect();
    let settings: BTreeMap<_, _> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .collect();
    json!({"kind": "ConfigMap", "metadata": {"name": generator["name"]}, "data": settings})
}

pub(super) fn base_and_bank() -> Vec<Value> {
    let all = [objects("base"), objects("bank")].concat();
    assert!(
        all.len() > 40,
        "the manifests are not read as they should be"
    );
    all
}

/// The pod that is merged into every other.
pub(super) fn every_pod() -> Value {
    let patch: Value =
        serde_saphyr::from_str(&read("../deploy/kubernetes/every-pod/pods.yaml")).unwrap();
    patch["spec"]["template"]["spec"].clone()
}

pub(super) fn of_kind<'a>(all: &'a [Value], kind: &str) -> impl Iterator<Item = &'a Value> {
    all.iter().filter(move |object| object["kind"] == kind)
}

#[track_caller]
pub(super) fn named(all: &[Value], kind: &str, name: &str) -> Value {
    let found: Vec<_> = of_kind(all, kind)
        .filter(|object| object["metadata"]["name"] == name)
        .collect();
    assert_eq!(found.len(), 1, "{kind} {name}");
    found[0].clone()
}

/// The Deployment or StatefulSet of a service.
#[track_caller]
pub(super) fn service(name: &str) -> Value {
    let kind = if name == "gateway" {
        "StatefulSet"
    } else {
        "Deployment"
    };
    named(&base_and_bank(), kind, name)
}

/// What a service's container finds in its environment.
pub(super) fn environment(name: &str) -> Environment {
    let all = base_and_bank();
    let workload = service(name);
    let container = &workload["spec"]["template"]["spec"]["containers"][0];
    let mut pairs = Environment::new();
    for from in container["envFrom"].as_array().expect("a list") {
        let map = named(&all, "ConfigMap", text(&from["configMapRef"]["name"]));
        for (key, value) in map["data"].as_object().expect("settings") {
            pairs.insert(key.clone(), text(value).to_owned());
        }
    }
    for variable in container["env"].as_array().expect("a list") {
        pairs.insert(
            text(&variable["name"]).to_owned(),
            text(&variable["value"]).to_owned(),
        );
    }
    pairs
}

/// The names of the secrets that a workload mounts; each of its mounts has its volume.
pub(super) fn secrets_of(workload: &Value) -> BTreeSet<String> {
    let spec = &workload["spec"]["template"]["spec"];
    let names = |list: &Value| -> BTreeSet<String> {
        let list = list.as_array().into_iter().flatten();
        list.map(|entry| text(&entry["name"]).to_owned()).collect()
    };
    let claims = workload["spec"]["volumeClaimTemplates"].as_array();
    let claims = claims
        .into_iter()
        .flatten()
        .map(|claim| &claim["metadata"]["name"]);
    let mut volumes = names(&spec["volumes"]);
    volumes.extend(claims.map(|claim| text(claim).to_owned()));
    assert_eq!(names(&spec["containers"][0]["volumeMounts"]), volumes);
    let secrets = spec["volumes"].as_array().expect("a list").iter();
    secrets
        .map(|volume| text(&volume["secret"]["secretName"]).to_owned())
        .collect()
}

#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}
