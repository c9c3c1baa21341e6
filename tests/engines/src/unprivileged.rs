//! PostgreSQL refuses to run as root, and tests in a container often do. Its files and processes then belong to the user
//! `postgres` of this system, or to `nobody`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whom to become; `None`: we are nobody special already.
#[cfg(unix)]
pub(crate) fn user() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    // What we make is ours: its owner is who we are.
    let ours = tempfile::tempfile().and_then(|file| file.metadata());
    let is_root = ours.is_ok_and(|file| file.uid() == 0);
    is_root.then(|| {
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let id = |name: &str| {
            let line = users
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            line.split(':').nth(2)?.parse().ok()
        };
        id("postgres").or_else(|| id("nobody")).unwrap_or(65534)
    })
}

#[cfg(not(unix))]
pub(crate) fn user() -> Option<u32> {
    None
}

/// A temporary folder of that user; whoever makes it sees to its end.
pub(crate) fn folder(prefix: &str, user: Option<u32>) -> Result<PathBuf, String> {
    let made = tempfile::Builder::new().prefix(prefix).tempdir();
    let folder = made
        .map_err(|error| format!("no temporary folder: {error}"))?
        .keep();
    give(&folder, user)?;
    Ok(folder)
}

#[cfg(unix)]
pub(crate) fn give(path: &Path, user: Option<u32>) -> Result<(), String> {
    let Some(user) = user else { return Ok(()) };
    std::os::unix::fs::chown(path, Some(user), None)
        .map_err(|error| format!("{} cannot be given away: {error}", path.display()))
}

#[cfg(unix)]
pub(crate) fn become_user(command: &mut Command, user: Option<u32>) {
    use std::os::unix::process::CommandExt;
    if let Some(user) = user {
        command.uid(user);
    }
}

#[cfg(not(unix))]
pub(crate) fn give(_: &Path, _: Option<u32>) -> Result<(), String> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn become_user(_: &mut Command, _: Option<u32>) {}
