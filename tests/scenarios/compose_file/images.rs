//! Dockerfile: what our own images say of themselves, and who runs in them.

use super::written::services;
use crate::kubernetes::manifests::read;

#[test]
fn an_image_says_which_version_of_what_it_is_and_on_which_base() {
    let (dockerfile, manifest) = (read("../Dockerfile"), read("../Cargo.toml"));
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = "));
    let version = version.expect("a version").trim_matches('"');
    assert!(dockerfile.contains(&format!("\nARG VERSION={version}\n")));
    for label in [
        "version",
        "revision",
        "base.name",
        "licenses",
        "title",
        "description",
    ] {
        let label = format!("org.opencontainers.image.{label}=");
        assert!(dockerfile.contains(&label), "{label}");
    }
}

/// All of them are stages on one that runs as nobody, stops at SIGTERM and has a health check of its own program.
#[test]
fn every_image_is_made_from_the_one_stage_that_has_no_rights() {
    let dockerfile = read("../Dockerfile");
    let stages: Vec<&str> = dockerfile.split("\nFROM ").skip(1).collect();
    let stage = |name: &str| {
        let found = stages.iter().find(|stage| {
            let first = stage.lines().next().unwrap();
            first.ends_with(&format!(" AS {name}"))
        });
        *found.unwrap_or_else(|| panic!("no stage {name}"))
    };
    let service = stage("service");
    assert!(service.contains("\nUSER 65532:65532\n") && service.contains("\nSTOPSIGNAL SIGTERM\n"));
    let mut seen = 0;
    for (name, container) in services() {
        let Some(target) = container["build"]["target"].as_str() else {
            continue;
        };
        let text = stage(target);
        assert!(text.starts_with("service AS "), "{name}");
        assert!(
            !text.contains("\nUSER ") && !text.contains("\nRUN "),
            "{name}"
        );
        // In its exec form, as there is no shell.
        assert!(text.contains("\nENTRYPOINT [\""), "{name}");
        if target != "prepare" {
            assert!(text.contains("\", \"health\"]\n"), "{name}");
        }
        seen += 1;
    }
    assert!(seen > 12, "{seen}");
}
