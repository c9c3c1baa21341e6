//! `gateway explain` and `gateway check` as an operator runs them: the real program, with nothing set up for it.

use std::process::{Command, Output};

use gateway::route_table::BUILT_IN;

/// `cargo run -p gateway -- ...` with none of the gateway's settings.
fn gateway(arguments: &[&str]) -> Output {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    for key in ["ROUTES_FILE", "TLS_CERT_FILE", "EDGE_CERT_FILE", "LC_ALL"] {
        command.env_remove(key);
    }
    command
        .args(["run", "--quiet", "--package", "gateway", "--"])
        .args(arguments)
        .env("LANG", "fr_FR.UTF-8")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs")
}

#[test]
fn the_policy_is_explained_and_checked_without_certificates_or_services() {
    let told = gateway(&["explain", "GET", "/api/tours/search"]);
    let text = String::from_utf8(told.stdout).unwrap();
    assert_eq!(told.status.code(), Some(0), "{text}");
    assert!(text.contains("catalog, GET /tours/search"), "{text}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routes.toml");
    std::fs::write(
        &file,
        BUILT_IN.replace("upstream = \"auth\"", "upstream = \"outh\""),
    )
    .unwrap();
    let told = gateway(&["check", file.to_str().unwrap()]);
    let text = String::from_utf8(told.stdout).unwrap();
    assert_eq!(told.status.code(), Some(78), "EX_CONFIG: {text}");
    let to_auth = BUILT_IN.matches("upstream = \"auth\"").count();
    assert_eq!(
        text.matches(" | upstream = \"outh\"").count(),
        to_auth,
        "{text}"
    );

    assert_eq!(gateway(&["explain"]).status.code(), Some(2), "wrong use");
}
