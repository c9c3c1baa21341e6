//! Every route of the table: it judges its body, takes none, or says why it does not judge it.

use http::Method;

use super::{Bench, TOUR};

/// A route of the table, as a caller may try it.
struct Row {
    name: String,
    method: Method,
    path: String,
    upstream: String,
    table: toml::Table,
}

fn rows() -> Vec<Row> {
    let table: toml::Table = gateway::route_table::BUILT_IN.parse().unwrap();
    let mut rows = Vec::new();
    for route in table["route"].as_array().unwrap() {
        let text = |key: &str| route[key].as_str().unwrap().to_owned();
        for method in route["methods"].as_array().unwrap() {
            rows.push(Row {
                name: text("name"),
                method: method.as_str().unwrap().parse().unwrap(),
                path: text("path").replace("{id}", TOUR),
                upstream: text("upstream"),
                table: route.as_table().unwrap().clone(),
            });
        }
    }
    rows
}

/// Proves: R14
#[tokio::test]
async fn every_route_of_the_table_judges_its_body_or_takes_none_or_says_why() {
    let bench = Bench::new().await;
    let admin = bench.town.account("admin").await;
    let (mut judged, mut bodiless, mut reasons) = (0, 0, Vec::new());
    for row in rows() {
        let request = || {
            let request = admin.request(row.method.clone(), &row.path);
            let request = request.header("content-type", "application/json");
            request
                .header("idempotency-key", "k")
                .body(r#"{"unexpected":true}"#)
        };
        if row.table.contains_key("schema") && row.method != Method::DELETE {
            judged += 1;
            let refused = admin.send(request()).await;
            assert_eq!(refused.status, 400, "{}", row.name);
            let errors = refused.json()["errors"].to_string();
            assert!(
                errors.contains(r#""pointer":"/unexpected""#),
                "{}: {errors}",
                row.name
            );
        } else if let Some(reason) = row.table.get("streamed") {
            reasons.push((row.name, reason.as_str().unwrap().to_owned()));
        } else {
            bodiless += 1;
            let refused = admin.send(request()).await;
            assert_eq!(refused.field("/code"), "body_too_large", "{}", row.name);
        }
        if let Some(spy) = bench.town.spies.get(row.upstream.as_str()) {
            assert!(spy.seen().is_empty(), "something of {} arrived", row.path);
        }
    }
    assert!(judged >= 8 && bodiless >= 10, "{judged} {bodiless}");
    let names: Vec<_> = reasons.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["oauth.token"], "{reasons:?}");
}
