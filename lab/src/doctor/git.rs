//! Git: each lab is a branch. Without it the labs still work, with `--no-branch`.

use std::process::{Command, Stdio};

use super::{Patient, Verdict};
use crate::texts::doctor as texts;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    match version() {
        Some(version) => (Verdict::Good, version),
        None => (Verdict::Warning, patient.say(&texts::GIT_MISSING, &[])),
    }
}

/// `2.47.3`, of `git version 2.47.3` and of `git version 2.39.5 (Apple Git-154)`.
pub(super) fn version() -> Option<String> {
    let output = Command::new("git")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().nth(2).map(str::to_owned)
}
