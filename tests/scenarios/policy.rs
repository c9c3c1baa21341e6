//! The policy as a whole: what exists, what is never open, and that a table with a hole is not used at all (L1-L4).

use gateway::route_table::{Access, BUILT_IN, Lookup, RouteTable, Written};
use http::Method;
use service_kit::config::Settings;

fn table() -> RouteTable {
    RouteTable::read(BUILT_IN).expect("the built-in table has no fault")
}

/// Proves: L1, API9:2019, API9:2023
#[test]
fn every_route_that_the_platform_promises_exists() {
    let table = table();
    for (method, path, route) in [
        (Method::GET, "/health", "health"),
        (Method::GET, "/docs", "docs"),
        (Method::GET, "/docs/openapi.json", "docs.file"),
        (Method::POST, "/auth/register", "auth.register"),
        (Method::POST, "/auth/login", "auth.login"),
        (Method::POST, "/auth/refresh", "auth.refresh"),
        (Method::POST, "/auth/logout", "auth.logout"),
        (Method::GET, "/auth/me", "auth.me"),
        (Method::POST, "/oauth/token", "oauth.token"),
        (
            Method::GET,
            "/.well-known/openid-configuration",
            "discovery.openid",
        ),
        (
            Method::GET,
            "/.well-known/oauth-authorization-server",
            "discovery.oauth",
        ),
        (Method::GET, "/.well-known/jwks.json", "discovery.jwks"),
        (Method::GET, "/api/tours", "tours.list"),
        (Method::GET, "/api/tours/search", "tours.search"),
        (Method::GET, "/api/tours/7", "tours.get"),
        (Method::POST, "/api/tours", "tours.create"),
        (Method::PUT, "/api/tours/7", "tours.change"),
        (Method::DELETE, "/api/tours/7", "tours.change"),
        (Method::GET, "/api/bookings", "bookings.list"),
        (Method::POST, "/api/bookings", "bookings.create"),
        (Method::GET, "/api/bookings/7", "bookings.get"),
        (Method::POST, "/api/bookings/7/cancel", "bookings.cancel"),
        (Method::GET, "/api/payments", "payments.list"),
        (Method::POST, "/api/payments", "payments.create"),
        (Method::GET, "/api/payments/7", "payments.get"),
    ] {
        match table.find(&method, path) {
            Lookup::Found(found) => assert_eq!(&*found.name, route, "{method} {path}"),
            other => panic!("{method} {path}: {other:?}"),
        }
    }
}

/// Proves: R1, L2, edge-policy
#[test]
fn every_route_under_api_needs_credentials_and_only_the_known_ones_elsewhere_do_not() {
    let written = Written::read(BUILT_IN).unwrap();
    for route in table().routes() {
        let path = written.row(&route.name).unwrap().text("path");
        if route.access != Access::Public {
            continue;
        }
        let open = ["/docs/", "/auth/", "/oauth/", "/.well-known/", "/webhooks/"];
        let known = ["/health", "/docs"].contains(&path)
            || open.iter().any(|start| path.starts_with(start));
        assert!(known, "{path} is public");
    }
}

/// The lines of one row, from its header to the next.
fn row_of(name: &str) -> std::ops::Range<usize> {
    let written = Written::read(BUILT_IN).unwrap();
    let mut rows = written
        .rows()
        .iter()
        .skip_while(|row| row.text("name") != name);
    let start = rows.next().expect("a row").line - 1;
    let end = rows
        .next()
        .map_or(BUILT_IN.lines().count(), |next| next.line - 1);
    start..end
}

/// The built-in table with one line of one row changed (`None`: taken out), and the number of that line.
fn with_line(name: &str, key: &str, change: impl Fn(&str) -> Option<String>) -> (String, usize) {
    let row = row_of(name);
    let begins = format!("{key} = ");
    let at = row
        .clone()
        .find(|at| BUILT_IN.lines().nth(*at).unwrap().starts_with(&begins));
    let at = at.unwrap_or_else(|| panic!("{name} has no line for {key}"));
    let lines = BUILT_IN.lines().enumerate().filter_map(|(number, line)| {
        if number == at {
            change(line)
        } else {
            Some(line.to_owned())
        }
    });
    (lines.collect::<Vec<_>>().join("\n"), at + 1)
}

/// The gateway's own reading of its environment refuses, and names the line.
#[track_caller]
fn assert_no_start(text: &str, line: usize, message: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routes.toml");
    std::fs::write(&file, text).unwrap();
    // Every other setting is there: this file stands for each certificate and key, which are read later.
    let any_file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let files = [
        "TLS_CERT_FILE",
        "TLS_KEY_FILE",
        "TLS_CA_FILE",
        "EDGE_CERT_FILE",
        "EDGE_KEY_FILE",
    ];
    let routes = ("ROUTES_FILE", file.to_str().unwrap());
    let pairs = files.map(|key| (key, any_file)).into_iter().chain([routes]);
    let told = match Settings::from_pairs(pairs).load(gateway::Config::read) {
        Ok(_) => panic!("the gateway would start without {message:?} at line {line}"),
        Err(faults) => faults.to_string(),
    };
    let expected = format!("line {line}: {message}");
    assert!(told.contains(&expected), "{expected:?} is not in\n{told}");
}

/// Proves: API7:2019, API8:2023, edge-policy
#[test]
fn without_the_access_of_any_one_route_the_gateway_does_not_start_and_names_the_line() {
    for route in table().routes() {
        let (text, _) = with_line(&route.name, "access", |_| None);
        assert_no_start(&text, row_of(&route.name).start + 1, "`access` is missing");
    }
}

/// Proves: API7:2019, API8:2023, edge-policy
#[test]
fn with_an_unknown_upstream_in_any_one_route_the_gateway_does_not_start_and_names_the_line() {
    for route in table().routes() {
        let (text, line) = with_line(&route.name, "upstream", |_| {
            Some("upstream = \"nowhere\"".to_owned())
        });
        assert_no_start(&text, line, "`upstream`: nowhere is not one of");
    }
}

/// Proves: API7:2019, API8:2023, edge-policy
#[test]
fn with_any_one_pattern_doubled_the_gateway_does_not_start_and_names_the_line() {
    for route in table().routes() {
        let row: Vec<_> = BUILT_IN.lines().collect();
        // The row alone: other tables may stand behind the last one.
        let twin = row[row_of(&route.name)].join("\n");
        let twin = twin.split("\n\n").next().unwrap_or_default();
        let name = format!("name = \"{}\"", route.name);
        let twin = twin.replace(&name, "name = \"a.twin\"");
        let line = row.len() + 1;
        let text = format!("{}\n{twin}", row.join("\n"));
        assert_no_start(&text, line, "a.twin: ");
    }
}

/// Proves: R1, L2, edge-policy
#[test]
fn with_any_one_route_under_api_made_public_the_gateway_does_not_start_and_names_the_line() {
    let written = Written::read(BUILT_IN).unwrap();
    let under_api = |row: &&gateway::route_table::WrittenRow| row.text("path").starts_with("/api/");
    let mut tried = 0;
    for row in written.rows().iter().filter(under_api) {
        let public = |_: &str| Some("access = \"public\"".to_owned());
        let (text, line) = with_line(row.text("name"), "access", public);
        assert_no_start(&text, line, "`access`: nothing under /api/ is public");
        tried += 1;
    }
    assert!(tried >= 12, "{tried} routes under /api/");
}
