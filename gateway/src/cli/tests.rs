//! The two verbs as an operator calls them, without certificates and without a network.

mod check;
mod explain;

use serde_json::Value;

use super::*;

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
