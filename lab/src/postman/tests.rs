//! The files in git, and what a machine's own environment holds.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::*;
use crate::accounts::Accounts;
use crate::ports::Ports;
use crate::service::Service;

fn project() -> PostmanFolder {
    PostmanFolder::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

fn kept(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file of the project");
    serde_json::from_str(&text).expect("JSON")
}

/// Every request, with the names of the folders around it.
fn requests(item: &Value, names: &str, found: &mut Vec<(String, Value)>) {
    for item in item["item"].as_array().into_iter().flatten() {
        let names = format!("{names}, {}", item["name"].as_str().unwrap_or_default());
        if item["request"].is_object() {
            found.push((names.clone(), item.clone()));
        }
        requests(item, &names, found);
    }
}

fn all_requests() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    requests(&kept(&project().collection()), "", &mut found);
    found
}

fn script(item: &Value, listen: &str) -> String {
    let events = item["event"].as_array().into_iter().flatten();
    let lines = events
        .filter(|event| event["listen"] == listen)
        .flat_map(|event| event["script"]["exec"].as_array().into_iter().flatten());
    lines
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}

/// `{{name}}`, wherever it stands.
fn variables(text: &str) -> BTreeSet<String> {
    let parts = text.split("{{").skip(1);
    parts
        .filter_map(|part| part.split_once("}}"))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.chars().all(|sign| sign.is_ascii_alphanumeric()))
        .collect()
}

#[test]
fn the_files_in_git_are_those_that_their_sources_make() {
    for (path, text) in project().made().expect("sources that can be read") {
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept.replace('\r', "") == text,
            "{} is another one: cargo lab postman --collection",
            path.display()
        );
    }
}

#[test]
fn every_request_has_tests_and_both_languages() {
    let requests = all_requests();
    assert!(requests.len() >= 80, "{}", requests.len());
    for (name, item) in requests {
        assert!(script(&item, "test").contains("pm.test("), "{name}");
        let own = item["name"].as_str().unwrap_or_default();
        assert!(own.contains(" / "), "{name}");
        let text = item["request"]["description"].as_str().unwrap_or_default();
        let (french, english) = text.split_once("\n\n---\n\n").expect("two languages");
        assert!(french.len() > 10 && english.len() > 10, "{name}: {text}");
    }
}

#[test]
fn every_variable_of_a_request_comes_from_the_environment_or_from_a_script() {
    let environment = kept(&project().environment());
    let values = environment["values"].as_array().expect("values").iter();
    let mut known: BTreeSet<String> = values
        .filter_map(|value| value["key"].as_str())
        .map(str::to_owned)
        .collect();
    known.extend(["alice", "bob", "gina"].map(|name| format!("{name}Token")));
    for (name, item) in all_requests() {
        for listen in ["prerequest", "test"] {
            let script = script(&item, listen);
            let set = script.split("pm.collectionVariables.set(\"").skip(1);
            known.extend(set.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        let used = variables(&item["request"].to_string());
        let unknown: Vec<_> = used.difference(&known).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn no_secret_stands_in_the_project_and_all_of_them_in_this_machines_environment() {
    let secrets = |environment: &Value| -> Vec<String> {
        let values = environment["values"].as_array().expect("values").iter();
        values
            .filter(|value| value["type"] == "secret")
            .map(|value| value["value"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let projects = secrets(&kept(&project().environment()));
    assert!(projects.len() >= 5 && projects.iter().all(String::is_empty));
    let machine = Machine {
        accounts: Accounts::generate(),
        ports: Ports::with(&[(Service::Booking, 4003)]).expect("ports"),
        gateway: "https://localhost:8443".to_owned(),
        expired_token: "a.b.c".to_owned(),
    };
    let own = environment(&machine);
    let filled = secrets(&own);
    assert_eq!(filled.len(), projects.len());
    assert!(filled.iter().all(|secret| !secret.is_empty()), "{own}");
    let text = own.to_string();
    for address in [
        "https://localhost:8443",
        "http://localhost:8443",
        "https://localhost:4003",
    ] {
        assert!(text.contains(address), "{address}");
    }
}
