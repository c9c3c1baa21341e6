//! Whether Node.js and npm are here: where they are not, the scenario that needs them is counted as ignored, with its
//! reason, instead of passing without having looked at anything.

use std::process::Command;

/// The oldest Node.js with which the provider of tests/foreign-issuer runs.
const OLDEST_NODE: u32 = 20;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rustc-check-cfg=cfg(has_npm)");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let node = version("node").and_then(|version| {
        let major = version.trim_start_matches('v').split('.').next()?;
        major.parse::<u32>().ok()
    });
    if node.is_some_and(|major| major >= OLDEST_NODE) && version(npm).is_some() {
        println!("cargo::rustc-cfg=has_npm");
    } else {
        println!(
            "cargo::warning=SKIPPED: tests/scenarios/foreign_issuer.rs wants Node.js {OLDEST_NODE} and npm"
        );
    }
}

fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
