//! `gateway check`: the faults of a table, or its routes.

use serde_json::Value;

use super::{assert_tells, call, call_with};
use crate::route_table::BUILT_IN;

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
