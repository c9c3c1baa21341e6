//! Every route of the route table x every kind of credentials, over the real gateway with spies behind it.
//!
//! What is expected is derived from the `access` of the table that the gateway is built with, so a new route is covered
//! by itself (API1, API2, API5). The spies count: what should pass arrives, once and rewritten, and nothing else does.

mod credentials;
mod samples;

use std::collections::BTreeMap;
use std::time::Duration;

use escale_tests::{Plan, TestIssuer, Town, eventually};
use gateway::route_table::{BUILT_IN, Route, RouteTable, Target, Written, WrittenRow};
use http::Method;

use credentials::{Credentials, Expected, SampleKeys};

/// With spies in their place, services say only what reached them.
const SPIES: [&str; 4] = ["auth", "catalog", "booking", "payment"];
/// Longer than any window in which the gateway counts requests or refusals: no cell of the matrix sees the one before.
const PAUSE: Duration = Duration::from_secs(3_600);
const ID: &str = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
/// Which cell of the matrix a request is; it is no header of the gateway's and so it passes.
const CELL: &str = "x-matrix-cell";

/// One request of the matrix.
struct Cell<'t> {
    number: usize,
    route: &'t Route,
    row: &'t WrittenRow,
    method: Method,
    credentials: Credentials<'t>,
}

impl Cell<'_> {
    fn path(&self) -> String {
        let path = self.row.text("path").replace("{id}", ID);
        path.replace("{file}", "openapi.json")
    }

    fn name(&self) -> String {
        format!(
            "{} {} with {:?}",
            self.method,
            self.path(),
            self.credentials
        )
    }

    /// What the spy must see: its service, method and path. `None` for what the gateway answers by itself.
    fn arrival(&self) -> Option<(&'static str, String)> {
        match &self.route.target {
            Target::Gateway => None,
            Target::Upstream { service, path } => {
                let seen = format!("{} {}", self.method, path.render(&self.path()));
                Some((service.as_str(), seen))
            }
        }
    }
}

fn cells<'t>(table: &'t RouteTable, written: &'t Written) -> Vec<Cell<'t>> {
    let mut cells = Vec::new();
    for route in table.routes() {
        let row = written.row(&route.name).expect("a row");
        let methods = row.words("methods");
        let head = methods.contains(&"GET").then_some("HEAD");
        for method in methods.into_iter().chain(head) {
            for credentials in Credentials::all_for(&route.access) {
                cells.push(Cell {
                    number: cells.len(),
                    route,
                    row,
                    method: method.parse().unwrap(),
                    credentials,
                });
            }
        }
    }
    cells
}

/// Proves: R3, L2, API2:2019, API5:2019, API2:2023, API5:2023, T4, S1, edge-policy, svc-function-level
#[tokio::test]
async fn every_route_is_refused_and_granted_exactly_as_its_row_of_the_table_says() {
    let plan = Plan {
        spies: SPIES.into(),
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let (issuer, stranger) = (TestIssuer::new("m"), TestIssuer::new("m"));
    issuer.publish(&town);
    let keys = SampleKeys::new();
    keys.publish(&town);
    let good = issuer.sign_claims(&issuer.claims_of(&town, &["tours:read"], &[]));
    eventually("the gateway has the issuer's key", async || {
        let answer = town.visitor().with_token(&good).get("/api/tours").await;
        answer.status == 200
    })
    .await;

    let table = RouteTable::read(BUILT_IN).unwrap();
    let written = Written::read(BUILT_IN).unwrap();
    let cells = cells(&table, &written);
    let mut passed = BTreeMap::new();
    for cell in &cells {
        town.pass(PAUSE);
        let token = cell.credentials.token(&town, &issuer, &stranger);
        let key = cell.credentials.api_key(&keys);
        if send(&town, cell, token, key).await == Expected::Passes
            && let Some(arrival) = cell.arrival()
        {
            passed.insert(cell.number.to_string(), arrival);
        }
    }
    assert_eq!(arrivals(&town), passed, "what the services saw, by cell");
    assert!(
        cells.len() > 200 && passed.len() > 50,
        "the matrix is not empty"
    );
}

/// GET answers HEAD too (RFC 9110 section 9.3.2), also where the answer is the gateway's own or a refusal.
#[tokio::test]
async fn an_answer_to_head_has_the_headers_of_get_and_no_body() {
    let town = Town::start().await;
    let visitor = town.visitor();
    for path in ["/health", "/docs", "/api/tours", "/nothing"] {
        let get = visitor.get(path).await;
        let head = visitor.send(visitor.request(Method::HEAD, path)).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{path}"
        );
        assert_eq!(
            head.header("content-length"),
            get.body.len().to_string(),
            "{path}"
        );
    }
}

/// Sends one request, judges the answer, and says what had been expected.
async fn send(town: &Town, cell: &Cell<'_>, token: Option<String>, key: Option<&str>) -> Expected {
    let visitor = town.visitor();
    let visitor = token.map_or(visitor.clone(), |token| visitor.with_token(&token));
    let request = visitor
        .request(cell.method.clone(), &cell.path())
        .header(CELL, cell.number);
    let request = match key {
        Some(key) => request.header("x-api-key", key),
        None => request,
    };
    let request = samples::with_body(request, cell.row, &cell.method);
    let answer = visitor.send(request).await;
    let expected = cell.credentials.expected(&cell.route.access);
    let got = (answer.status.as_u16(), answer.json()["code"].clone());
    let name = cell.name();
    match expected {
        Expected::Passes => assert_eq!(got.0, 200, "{name}: {}", answer.text()),
        Expected::Refused(status, code) => {
            assert_eq!(got.0, status, "{name}: {}", answer.text());
            // An answer to HEAD has no body to hold a code.
            if cell.method != Method::HEAD {
                assert_eq!(got.1, code, "{name}");
            }
            let challenged = answer.headers.contains_key("www-authenticate");
            assert!(
                challenged || code == "role_required",
                "{name}: {:?}",
                answer.headers
            );
        }
    }
    expected
}

/// What reached the services, by the number of its cell. A request that arrived twice is as wrong as a missing one.
fn arrivals(town: &Town) -> BTreeMap<String, (&'static str, String)> {
    let mut arrivals = BTreeMap::new();
    for service in SPIES {
        for seen in town.spies[service].seen() {
            let Some(cell) = seen.headers.get(CELL) else {
                continue;
            };
            let cell = cell.to_str().unwrap().to_owned();
            for credential in ["authorization", "x-api-key"] {
                assert!(!seen.headers.contains_key(credential), "{cell}: T4");
            }
            let arrival = (service, format!("{} {}", seen.method, seen.uri.path()));
            let twin = arrivals.insert(cell, arrival);
            assert_eq!(twin, None, "arrived twice");
        }
    }
    arrivals
}
