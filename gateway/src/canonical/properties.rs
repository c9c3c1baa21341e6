//! What must hold of every path that anybody can write, tried with many.

use http::Method;
use proptest::prelude::*;

use super::canonical;
use crate::route_table::{BUILT_IN, Lookup, RouteTable};

/// What the gateway would do: the route's name, or the refusal.
fn decision(table: &RouteTable, path: &str) -> String {
    match table.find(&Method::GET, path) {
        Lookup::Found(route) => route.name.to_string(),
        Lookup::OtherMethods(allow) => format!("405 {allow}"),
        Lookup::Unknown => "404".to_owned(),
    }
}

/// Pieces of real paths and of attacks on them, so that what is tried comes close to the routes.
fn path() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "/", "//", "api", "API", "tours", "search", "bookings", "health", "auth", "me", ".", "..",
        "%2e", "%2E%2e", "%2f", "%5c", "\\", ";x", ";", "%00", "%0a", "%20", "%c3%a9", "%C3%A9",
        "%252e", "%61", "%", "%4", "%zz", "é", "?", "#", "{id}", "7", ":", "@", "\u{202e}",
    ]);
    let close =
        prop::collection::vec(piece, 0..8).prop_map(|pieces| format!("/{}", pieces.concat()));
    prop_oneof![close, ".{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// CVE-2021-43557: two readings of a path are two policies.
    /// Proves: edge-path
    #[test]
    fn the_decision_on_the_raw_path_is_the_decision_on_its_canonical_form(raw in path()) {
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        if let Ok(form) = canonical(&raw) {
            prop_assert_eq!(decision(&table, &raw), decision(&table, &form));
        }
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form(raw in path()) {
        if let Ok(form) = canonical(&raw) {
            let again = canonical(&form);
            prop_assert_eq!(again.as_deref(), Ok(&*form));
        }
    }

    #[test]
    fn what_is_accepted_differs_from_its_form_in_the_case_of_escapes_alone(raw in path()) {
        if let Ok(form) = canonical(&raw) {
            prop_assert!(raw.eq_ignore_ascii_case(&form));
            prop_assert!(!form.contains("//") && !form.contains(['\\', ';', '?', '#', '\0']));
            prop_assert!(form.split('/').all(|segment| segment != "." && segment != ".."));
        }
    }
}
