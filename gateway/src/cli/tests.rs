//! The two verbs as an operator calls them, without certificates and without a network.

use serde_json::Value;

use super::*;
use crate::route_table::BUILT_IN;

fn call(line: &str) -> Answer {
    call_with(line, &[])
}

fn call_with(line: &str, settings: &[(&str, &str)]) -> Answer {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    answer(&words, &Settings::from_pairs(settings.iter().copied()))
}

#[track_caller]
fn assert_tells(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn explain_tells_what_a_route_asks_for_and_where_it_leads() {
    let answer = call("explain GET /api/tours/search?q=mer");
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert_tells(
        &answer.out,
        &[
            "GET /api/tours/search?q=mer\n",
            "forme canonique   /api/tours/search\n",
            "tours.search  (routes.toml, dans le programme, ligne ",
            "un jeton ou une clé d'API avec le scope tours:read ; utilisateur ou application",
            "catalog, GET /tours/search\n",
            "5000 ms jusqu'aux en-têtes",
            "sans Redis        ouverte : chaque passerelle compte",
            " 1  accept",
            "11  authenticate      un jeton d'accès valable",
            "17  forward           GET /tours/search -> catalog (mTLS)",
        ],
    );
}

#[test]
fn explain_speaks_english_when_it_is_asked_to() {
    let by_option = call("explain POST /api/bookings --lang en");
    assert_tells(
        &by_option.out,
        &[
            "who may call    a token with the scope bookings:write, and one of these roles: user, guide, admin",
            "without Redis   closed: 503",
            "The layers, in the request's order",
        ],
    );
    let by_locale = call_with("explain POST /api/bookings", &[("LANG", "en_GB.UTF-8")]);
    assert_eq!(by_locale.out, by_option.out);
}

#[test]
fn a_public_route_is_said_to_be_one_at_every_layer_that_would_look_at_a_caller() {
    let answer = call("explain POST /oauth/token --lang en");
    assert_tells(
        &answer.out,
        &[
            "everybody: the route is public",
            "authenticate      nothing: the route is public",
            "authorize         nothing: the route is public",
            "Authorization: Basic passes",
        ],
    );
    assert_tells(
        &call("explain GET /health").out,
        &["la passerelle répond elle-même"],
    );
}

#[test]
fn a_refusal_is_explained_down_to_the_layer_that_refuses() {
    for (line, told, last) in [
        (
            "explain GET /api//tours",
            "400 ambiguous_path",
            " 6  canonical_path",
        ),
        (
            "explain GET /api/%2e%2e/tours",
            "400 ambiguous_path",
            " 6  canonical_path",
        ),
        (
            "explain GET https://localhost/api",
            "400 ambiguous_path",
            " 6  canonical_path",
        ),
        (
            "explain GET /api/nothing",
            "404 route_not_found",
            " 7  route",
        ),
        (
            "explain PATCH /api/tours",
            "405 method_not_allowed",
            " 7  route",
        ),
        ("explain get /api/tours", "essayez GET", " 7  route"),
    ] {
        let answer = call(line);
        assert_eq!(answer.code, 0, "{line}: a refusal is an answer too");
        assert_tells(
            &answer.out,
            &[told, last, "aucun service ne voit la requête"],
        );
        assert!(!answer.out.contains("forward"), "{line}\n{}", answer.out);
    }
}

#[test]
fn a_program_reads_the_same_as_json() {
    let json = |line: &str| -> Value { serde_json::from_str(&call(line).out).expect("JSON") };
    let found = json("explain GET /api/tours/7 --json");
    assert_eq!(found["outcome"], "routed");
    assert_eq!(found["route"], "tours.get");
    assert_eq!(
        found["policy"]["access"]["scopes"],
        serde_json::json!(["tours:read"])
    );
    assert_eq!(found["policy"]["upstream"]["path"], "/tours/7");
    let layers: Vec<_> = found["layers"].as_array().expect("a list").iter().collect();
    assert_eq!(
        layers
            .iter()
            .map(|layer| &layer["name"])
            .collect::<Vec<_>>(),
        ORDER
    );
    let refused = json("explain GET /x/../y --json");
    assert_eq!(
        refused["answer"],
        serde_json::json!({ "status": 400, "code": "ambiguous_path" })
    );
    assert_eq!(
        json("explain PUT /api/tours --json")["allow"],
        "GET, HEAD, POST"
    );
    let table = json("check --json");
    assert_eq!(table["faults"], serde_json::json!([]));
    assert_eq!(table["routes"][0]["keys"]["name"], "health");
}

/// Limits and the keys of single layers are shown as the file has them, also a key that nobody has told this command of.
#[test]
fn every_key_of_a_row_is_shown() {
    let text = "[limits.address]\nrequests = 100\nseconds = 60\n[limits.search]\nrequests = 10\nseconds = 60\n\
                [limits.daily]\nrequests = 1000\nseconds = 86400\n[[route]]\nname = \"a\"\nlimits = [\"search\"]\n\
                body = \"json\"\nmax_body = 2048\nschema = \"booking\"\naudit = \"booking.create\"\nweather = \"mild\"\n";
    let written = Written::read(text).expect("a route table");
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let (method, path) = (Method::POST, "/api/bookings");
    let route = match table.find(&method, path) {
        crate::route_table::Lookup::Found(route) => route.clone(),
        _ => panic!("the route is built in"),
    };
    let outcome = outcome::Outcome::Found(outcome::Found {
        method: &method,
        path: path.to_owned(),
        route,
        row: written.row("a").expect("a row"),
        written: &written,
    });
    let explanation = explain::Explanation::with(&method, path, outcome);
    assert_tells(
        &explanation.to_text("a file", service_kit::error::Language::English),
        &[
            "limits          address 100 requests / 60 s, search 10 requests / 60 s",
            "body            JSON, 2048 bytes at the most",
            "body's schema   booking",
            "audited action  booking.create",
            "weather         mild",
            "rate_limit        address 100 requests / 60 s, search 10 requests / 60 s, beyond it 429",
            "quota             daily 1000 requests / 86400 s, beyond it 429",
            "audit             booking.create: one record before, one after",
            "validate          the schema booking, all faults at once, else 400",
        ],
    );
}

#[test]
fn check_tells_every_fault_with_its_line_and_what_stands_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("routes.toml");
    let faulty = BUILT_IN
        .replacen("upstream = \"auth\"", "upstream = \"nowhere\"", 1)
        .replacen(
            "access = { scopes = [\"profile\"], roles = [\"user\", \"guide\", \"admin\"] }\n",
            "",
            1,
        );
    std::fs::write(&file, &faulty).expect("the folder can be written");
    let file = file.to_str().expect("a UTF-8 path");

    let answer = call(&format!("check {file}"));
    assert_eq!((answer.code, answer.err.as_str()), (78, ""));
    assert_tells(
        &answer.out,
        &[
            " : 2 fautes\n",
            " | upstream = \"nowhere\"\n",
            " : `access` is missing\n",
            " | [[route]]\n",
            "La passerelle ne démarre pas",
        ],
    );
    // The table of the gateway to be started, for both verbs.
    for line in ["check", "explain GET /health"] {
        let answer = call_with(line, &[("ROUTES_FILE", file)]);
        assert_eq!(answer.code, 78, "{line}");
        assert_tells(&answer.out, &["2 fautes"]);
    }
    let json: Value =
        serde_json::from_str(&call(&format!("check --json {file}")).out).expect("JSON");
    assert_eq!(json["faults"][0]["text"], "upstream = \"nowhere\"");
}

#[test]
fn check_lists_the_routes_of_a_table_without_faults() {
    let answer = call("check");
    assert_eq!(answer.code, 0);
    assert_tells(
        &answer.out,
        &[
            "aucune faute",
            "tours.change",
            "PUT DELETE",
            "/api/tours/{id}",
            "tours:write (guide, admin)",
            "sans Redis",
        ],
    );
}

#[test]
fn a_file_that_cannot_be_read_and_a_wrong_use_have_codes_of_their_own() {
    assert_eq!(call("check /nowhere/routes.toml").code, 78);
    assert_eq!(call_with("check", &[("ROUTES_FILE", "/nowhere")]).code, 78);
    let wrong = call("explain");
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert_tells(&call("--help").out, &["Utilisation"]);
    assert!(
        run(std::iter::empty()).is_none(),
        "without words the gateway starts"
    );
}
