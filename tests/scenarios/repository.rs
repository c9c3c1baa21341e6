//! What is in git holds no secret, and never did (R5).

use std::path::Path;
use std::process::Command;

/// What secrets look like that are recognisable: a private key, a signed token, keys of a cloud and of a code host. Each
/// is written so that this file does not hold one.
const SECRETS: [&str; 4] = [
    "BEGIN [A-Z ]*PRIVATE[ ]KEY-----",
    r"eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}",
    "AKIA[0-9A-Z]{16}",
    "gh[pousr]_[A-Za-z0-9]{36}",
];

/// The commits that added or removed a line of this form; `None` where there is no git, or no repository.
fn commits_with(pattern: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("git")
        .args(["log", "--oneline", "--extended-regexp"])
        .arg(format!("-G{pattern}"))
        .current_dir(root)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Proves: R5
#[test]
fn no_commit_that_led_here_holds_a_key_or_a_token() {
    let Some(known) = commits_with("fn main") else {
        eprintln!("SKIPPED: this tree is no git repository, or git is not here");
        return;
    };
    assert_ne!(known, "", "what is there is found");
    for pattern in SECRETS {
        let found = commits_with(pattern).expect("git has answered before");
        assert_eq!(found, "", "{pattern}");
    }
}
