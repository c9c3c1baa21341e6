//! Reads docker-compose.yml, its anchors and merges resolved.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::kubernetes::manifests::{read, text};

pub(super) fn file() -> Value {
    serde_saphyr::from_str(&read("../docker-compose.yml")).unwrap()
}

pub(super) fn services() -> BTreeMap<String, Value> {
    let file = file();
    let services = file["services"].as_object().expect("services");
    let services = services.iter();
    services
        .map(|(name, service)| (name.clone(), service.clone()))
        .collect()
}

/// `"128m"`.
pub(super) fn megabytes(value: &Value) -> u64 {
    let text = value.as_str().and_then(|text| text.strip_suffix('m'));
    text.and_then(|text| text.parse().ok()).expect("megabytes")
}

/// In its short form: `source:target` and maybe `:ro`.
pub(super) fn volumes(service: &Value) -> impl Iterator<Item = &str> {
    service["volumes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(text)
}

/// By name; written as a list, or with more about each.
pub(super) fn networks(service: &Value) -> BTreeSet<String> {
    match &service["networks"] {
        Value::Object(named) => named.keys().cloned().collect(),
        listed => {
            let listed = listed.as_array().into_iter().flatten();
            listed.map(|name| text(name).to_owned()).collect()
        }
    }
}

pub(super) fn environment(service: &Value) -> BTreeMap<String, String> {
    let pairs = service["environment"].as_object().into_iter().flatten();
    let written = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    pairs
        .map(|(key, value)| (key.clone(), written(value)))
        .collect()
}

/// What follows an instruction of a Dockerfile, or the name of a setting, each time that a line begins so.
pub(super) fn lines_of<'a>(instruction: &str, file: &'a str) -> Vec<&'a str> {
    let lines = file.lines();
    lines
        .filter_map(|line| line.strip_prefix(instruction))
        .map(str::trim)
        .collect()
}
