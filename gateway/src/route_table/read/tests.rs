//! Each fault that a route table can have.

use super::*;

const GOOD: &str = r#"
[[route]]
name = "tours.list"
methods = ["GET"]
path = "/api/tours"
upstream = "catalog"
upstream_path = "/tours"
access = { scopes = ["tours:read"] }
deadline_ms = 5000
"#;

/// The classes that every table needs, as its last lines.
const LIMITS: &str = r#"
[limits]
address = { requests = 100, seconds = 60 }
daily = { requests = 1000, seconds = 86400 }
"#;

fn rows(text: &str) -> Result<Vec<Row>, Vec<RouteFault>> {
    document(&(text.to_owned() + LIMITS)).map(|document| document.rows)
}

#[track_caller]
fn faults(text: &str) -> Vec<String> {
    let faults = rows(text).expect_err("the table has faults");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn each_fault_of_a_route_is_told_with_its_line() {
    for (from, to, expected) in [
        (
            "access = { scopes = [\"tours:read\"] }\n",
            "",
            "line 2: `access` is missing",
        ),
        (
            "upstream = \"catalog\"",
            "upstream = \"catalogue\"",
            "line 6: `upstream`: catalogue is not one of",
        ),
        (
            "upstream = \"catalog\"\n",
            "",
            "line 2: `upstream` is missing",
        ),
        (
            "deadline_ms",
            "dead_line_ms",
            "line 9: `dead_line_ms` is not known here",
        ),
        (
            "deadline_ms = 5000",
            "deadline_ms = 0",
            "line 9: `deadline_ms` must be between 1 and 120000",
        ),
        (
            "{ scopes = [\"tours:read\"] }",
            "\"public\"",
            "line 8: `access`: nothing under /api/ is public",
        ),
        (
            "{ scopes = [\"tours:read\"] }",
            "\"open\"",
            "line 8: `access`: is \"public\", or",
        ),
        (
            "{ scopes = [\"tours:read\"] }",
            "true",
            "line 8: `access` must be a table",
        ),
        (
            "[\"tours:read\"]",
            "[]",
            "line 8: `scopes`: a protected route asks for a scope",
        ),
        ("scopes", "scope", "line 8: `scope` is not known here"),
        (
            "] }",
            "], roles = [\"boss\"] }",
            "line 8: `roles`: \"boss\" is not one of",
        ),
        (
            "] }",
            "], roles = [\"user\"], api_key = true }",
            "line 8: `api_key`: a key has no role",
        ),
        (
            "] }",
            "], api_key = \"yes\" }",
            "line 8: `api_key` must be true or false",
        ),
        (
            "\"GET\"]\npath = \"/api/tours\"\nupstream = \"catalog\"\nupstream_path = \"/tours\"\naccess = { scopes = [\"tours:read\"] }",
            "\"GET\", \"POST\"]\npath = \"/api/tours\"\nupstream = \"catalog\"\nupstream_path = \"/tours\"\naccess = { scopes = [\"tours:read\"], api_key = true }",
            "line 8: `access`: api_key is for routes that only read",
        ),
        (
            "/api/tours",
            "/api/tours/",
            "line 5: `path`: a path has no empty segment",
        ),
        (
            "/api/tours",
            "/api/%2e",
            "line 5: `path`: an octet is percent-encoded",
        ),
        (
            "\"/tours\"",
            "\"/tours/{id}\"",
            "line 7: `upstream_path`: `path` has no parameter {id}",
        ),
        ("\"GET\"", "\"get\"", "line 4: `methods`: get is not one of"),
        (
            "\"GET\"",
            "\"GET\", \"GET\"",
            "line 4: `methods`: GET is there twice",
        ),
        ("[\"GET\"]", "[]", "line 4: `methods`: names no method"),
        (
            "[[route]]",
            "[[routes]]",
            "line 2: `routes` is not known here",
        ),
        ("\"tours.list\"", "7", "line 3: `name` must be a text"),
        (
            "deadline_ms = 5000",
            "deadline_ms = 5000\nclient_credentials = true",
            "line 10: `client_credentials`: is for",
        ),
        ("[[route]]", "[[route]", "line 2: "),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let faults = faults(&text);
        assert!(
            faults.iter().any(|fault| fault.starts_with(expected)),
            "{expected}\n{faults:#?}"
        );
    }
    assert!(rows(GOOD).is_ok());
}

#[test]
fn all_faults_of_all_routes_are_told_at_once() {
    let text = GOOD.replace("catalog\"", "x\"")
        + &GOOD.replace("5000", "\"soon\"").replace("tours.list", "b");
    assert_eq!(faults(&text).len(), 2, "{:#?}", faults(&text));
}

#[test]
fn two_routes_for_one_request_are_refused() {
    let twin = GOOD.to_owned() + GOOD;
    assert_eq!(
        faults(&twin).len(),
        2,
        "name and path: {:#?}",
        faults(&twin)
    );
    let at = |name: &str, path: &str| GOOD.replace("tours.list", name).replace("/api/tours", path);
    let crossing = at("a", "/a/{x}/c") + &at("b", "/a/b/{y}");
    assert!(
        faults(&crossing)[0].starts_with("line 11: b overlaps a (line 2)"),
        "{:?}",
        faults(&crossing)
    );
}

#[test]
fn an_empty_table_is_a_fault() {
    assert_eq!(faults(""), ["line 1: `route` is missing"]);
}
