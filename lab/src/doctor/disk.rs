//! The disk: a first build writes about two gigabytes, and each lab some more.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Patient, Verdict};
use crate::texts::doctor as texts;

const LITTLE_GIGABYTES: u64 = 5;
const MISSING_GIGABYTES: u64 = 2;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    let Some(gigabytes) = free_gigabytes(&patient.layout.home) else {
        return (Verdict::Good, patient.say(&texts::DISK_UNKNOWN, &[]));
    };
    let (verdict, text) = match gigabytes {
        ..MISSING_GIGABYTES => (Verdict::Bad, texts::DISK_LOW),
        MISSING_GIGABYTES..LITTLE_GIGABYTES => (Verdict::Warning, texts::DISK_LOW),
        _ => (Verdict::Good, texts::DISK_FREE),
    };
    (verdict, patient.say(&text, &[("gigabytes", &gigabytes)]))
}

/// By the system's own programs: the standard library does not know it.
#[cfg(not(windows))]
pub(super) fn free_gigabytes(folder: &Path) -> Option<u64> {
    let mut command = Command::new("df");
    let text = said(command.args(["-P", "-k"]).arg(folder))?;
    // Filesystem, blocks, used, available (POSIX).
    let line = text.lines().nth(1)?;
    let kilobytes: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes / (1024 * 1024))
}

#[cfg(windows)]
pub(super) fn free_gigabytes(folder: &Path) -> Option<u64> {
    let question = "(Get-Item -LiteralPath $env:ESCALE_LOOK_AT).PSDrive.Free";
    let mut command = Command::new("powershell");
    let command = command.args(["-NoProfile", "-Command", question]);
    let text = said(command.env("ESCALE_LOOK_AT", folder))?;
    let bytes: u64 = text.trim().parse().ok()?;
    Some(bytes / (1024 * 1024 * 1024))
}

fn said(command: &mut Command) -> Option<String> {
    let output = command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_of_a_folder_is_known_and_that_of_no_folder_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(free_gigabytes(folder.path()).is_some());
        assert_eq!(free_gigabytes(&folder.path().join("nowhere")), None);
    }
}
