//! `gateway explain`: the policy of one request, and each layer's part in it.

use http::Method;
use service_kit::error::Language;

use super::{assert_tells, call, call_with};
use crate::cli::explain::Explanation;
use crate::cli::outcome::{Found, Outcome};
use crate::route_table::{BUILT_IN, Lookup, RouteTable, Written};

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
        Lookup::Found(route) => route.clone(),
        _ => panic!("the route is built in"),
    };
    let outcome = Outcome::Found(Found {
        method: &method,
        path: path.to_owned(),
        route,
        row: written.row("a").expect("a row"),
        written: &written,
    });
    let explanation = Explanation::with(&method, path, outcome);
    assert_tells(
        &explanation.to_text("a file", Language::English),
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
