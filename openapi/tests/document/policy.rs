//! The document promises what the route table holds, no more and no less (API9:2023).

use std::collections::BTreeSet;

use gateway::route_table::{Access, BUILT_IN, Lookup, RouteTable, Written};
use serde_json::{Value, json};
use service_kit::error::Language;

use crate::golden;

fn table() -> RouteTable {
    RouteTable::read(BUILT_IN).expect("no fault")
}

/// Method, path and operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("a path item").iter();
        methods.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    operations.collect()
}

/// Proves: API9:2019, API9:2023
#[test]
fn every_route_and_method_is_in_the_document_and_the_reverse() {
    let document = golden(Language::French);
    let told: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let written = Written::read(BUILT_IN).expect("a route table");
    let rows = written.rows().iter().flat_map(|row| {
        let methods = row.words("methods").into_iter();
        methods.map(|method| (method.to_owned(), row.text("path").to_owned()))
    });
    assert_eq!(told, rows.collect());
}

#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = golden(Language::French);
    let operations = operations(&document);
    let ids: BTreeSet<_> = operations
        .iter()
        .map(|(_, _, op)| op["operationId"].as_str())
        .collect();
    assert_eq!(ids.len(), operations.len());
    assert!(!ids.contains(&None));
}

#[test]
fn scopes_roles_limits_and_sizes_are_those_of_the_route_table() {
    let document = golden(Language::French);
    let table = table();
    for (method, path, operation) in operations(&document) {
        let method = method.parse().expect("a method");
        let Lookup::Found(route) = table.find(&method, &path) else {
            panic!("{method} {path} is no route");
        };
        let (scopes, roles) = match &route.access {
            Access::Public => (json!(null), json!(null)),
            Access::Protected { scopes, roles, .. } if roles.is_empty() => {
                (json!(scopes), json!(null))
            }
            Access::Protected { scopes, roles, .. } => (json!(scopes), json!(roles)),
        };
        let by_key = &operation["security"][1]["apiKey"];
        assert_eq!(by_key.is_array(), route.access.takes_api_keys(), "{path}");
        assert_eq!(operation["security"][0]["bearer"], scopes, "{path}");
        assert_eq!(operation["x-roles"], roles, "{path}");
        let limits = operation["x-rate-limit"].as_array().expect("limits");
        let told: Vec<_> = limits
            .iter()
            .map(|limit| limit["policy"].as_str())
            .collect();
        let held: Vec<_> = route.limits.all().map(|class| Some(&*class.name)).collect();
        assert_eq!(told, held, "{path}");
        for (limit, class) in limits.iter().zip(route.limits.all()) {
            assert_eq!(limit["requests"], class.requests.get(), "{path}");
            assert_eq!(limit["seconds"], class.window.as_secs(), "{path}");
        }
        let most = route.body_of(&method).map(|policy| policy.most);
        assert_eq!(
            operation["requestBody"]["x-max-bytes"],
            json!(most),
            "{path}"
        );
    }
}
