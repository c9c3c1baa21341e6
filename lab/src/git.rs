//! The few things that `git` is asked for.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Makes a repository of what stands in the folder: one commit, without a past.
///
/// # Errors
/// Git missing, or what it says.
pub fn fresh_history(folder: &Path, message: &str) -> io::Result<()> {
    run(folder, &["init", "--quiet", "--initial-branch=main"])?;
    run(folder, &["add", "--all"])?;
    // Whoever runs this may have set no name, and need not sign.
    let author = [
        "-c",
        "user.name=Escale",
        "-c",
        "user.email=escale@localhost",
    ];
    let commit = [
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "-m",
        message,
    ];
    run(folder, &[&author[..], &commit[..]].concat())
}

fn run(folder: &Path, arguments: &[&str]) -> io::Result<()> {
    let output = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "git {}: {}",
        arguments.join(" "),
        said.trim()
    )))
}
