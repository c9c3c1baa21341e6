//! Each fault that limits can have, and what a route counts against.

use crate::route_table::{BUILT_IN, RouteTable};

const CLASSES: &str = "[limits.address]\nrequests = 100\nseconds = 60\n\
                       [limits.daily]\nrequests = 1000\nseconds = 86400\n\
                       [limits.search]\nrequests = 10\nseconds = 60\n";
const PROTECTED: &str = "{ scopes = [\"a\"] }";

fn read(classes: &str, limits: &str, access: &str) -> Result<RouteTable, Vec<String>> {
    let text = format!(
        "{classes}[[route]]\nname = \"x\"\nmethods = [\"GET\"]\npath = \"/x\"\nupstream = \"auth\"\n\
         deadline_ms = 5\naccess = {access}\nlimits = {limits}\n"
    );
    let told = |faults: Vec<_>| faults.iter().map(ToString::to_string).collect();
    RouteTable::read(&text).map_err(told)
}

#[test]
fn a_table_whose_limits_are_missing_zero_or_unknown_is_refused_with_the_line() {
    for (from, to, limits, expected) in [
        ("100", "0", "[]", "line 2: `requests` must be between 1"),
        ("= 60", "= 0", "[]", "line 3: `seconds` must be between 1"),
        ("100", "-1", "[]", "line 2: `requests` must be between 1"),
        (
            "100",
            "\"all\"",
            "[]",
            "line 2: `requests` must be between 1",
        ),
        (
            "100",
            "4294967297",
            "[]",
            "line 2: `requests` must be between 1",
        ),
        ("seconds = 60\n", "", "[]", "line 1: `seconds` is missing"),
        (
            "requests",
            "request",
            "[]",
            "line 2: `request` is not known here",
        ),
        (
            "limits.address",
            "limits.adress",
            "[]",
            "`limits`: the class `address` is missing",
        ),
        (
            "limits.daily",
            "limits.dayly",
            "[]",
            "`limits`: the class `daily` is missing",
        ),
        (
            "limits.search",
            "limits.\"a\\\"b\"",
            "[]",
            "a class's name is of a-z",
        ),
        (
            "",
            "",
            "[\"serach\"]",
            "line 17: `limits`: serach is no class",
        ),
        (
            "",
            "",
            "[\"search\", \"search\"]",
            "line 17: `limits`: search is there twice",
        ),
        (
            "",
            "",
            "[\"address\"]",
            "line 17: `limits`: address applies to every route",
        ),
        (
            "",
            "",
            "[\"daily\"]",
            "line 17: `limits`: daily applies to every route with a user",
        ),
        ("", "", "\"search\"", "line 17: `limits` must be a list"),
    ] {
        let faults = read(&CLASSES.replacen(from, to, 1), limits, PROTECTED);
        let faults = faults.expect_err(expected);
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{expected}\n{faults:?}"
        );
    }
    let none = read("", "[]", PROTECTED).expect_err("no limits at all");
    assert!(none[0].contains("`limits` is missing"), "{none:?}");
}

#[test]
fn a_fault_of_a_class_is_told_once_and_not_again_by_each_route_that_names_it() {
    let faults = read(
        &CLASSES.replace("= 10\n", "= 0\n"),
        "[\"search\"]",
        PROTECTED,
    );
    assert_eq!(faults.expect_err("zero").len(), 1);
}

#[test]
fn a_route_counts_by_address_first_and_by_user_where_there_is_one() {
    for (limits, access, expected) in [
        ("[]", PROTECTED, &["address", "daily"][..]),
        ("[\"search\"]", PROTECTED, &["address", "search", "daily"]),
        ("[]", "\"public\"", &["address"]),
        (
            "[\"daily\", \"search\"]",
            "\"public\"",
            &["address", "search", "daily"],
        ),
    ] {
        let table = read(CLASSES, limits, access).expect("no fault");
        let classes = table.routes()[0].limits.all();
        assert_eq!(
            classes.map(|class| &*class.name).collect::<Vec<_>>(),
            expected
        );
    }
}

#[test]
fn the_built_in_policy_is_the_courses() {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let route = |name: &str| {
        let route = table.routes().iter().find(|route| &*route.name == name);
        let classes = route.expect("a route").limits.all();
        let told = classes.map(|class| {
            format!(
                "{} {}/{}",
                class.name,
                class.requests,
                class.window.as_secs()
            )
        });
        told.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(route("health"), "address 100/60");
    assert_eq!(route("tours.list"), "address 100/60, daily 1000/86400");
    assert_eq!(
        route("tours.search"),
        "address 100/60, search 10/60, daily 1000/86400"
    );
    for name in ["auth.login", "auth.register", "oauth.token"] {
        assert_eq!(
            route(name),
            "address 100/60, login 10/60, daily 1000/86400",
            "{name}"
        );
    }
}
