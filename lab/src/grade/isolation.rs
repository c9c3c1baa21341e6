//! What this machine has to keep a submission apart: named in the results, as a mark says little without it.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::cage::Cage;

/// Each judge has a network of its own (submissions cannot meet, nor reach anything outside) and a table of processes of
/// its own: when the judge ends, all that the submission left behind ends. Unprivileged, by a user namespace.
const NAMESPACES: [&str; 7] = [
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "--pid",
    "--mount-proc",
    "--kill-child",
];
/// A new network has its loopback device, but not switched on.
const WITH_LOOPBACK: &str = r#"ip link set lo up && exec "$@""#;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// Files: [`Cage`].
    pub files: bool,
    /// Network and processes.
    pub network: bool,
}

impl Isolation {
    pub fn of_this_machine() -> Self {
        Self {
            files: Cage::can_be_closed(),
            network: cfg!(target_os = "linux") && namespaces_work(),
        }
    }

    /// What the judge of one submission is started by.
    pub fn guard(self) -> Vec<OsString> {
        match self.network {
            true => namespaces(),
            false => Vec::new(),
        }
    }
}

fn namespaces() -> Vec<OsString> {
    let shell = ["sh", "-c", WITH_LOOPBACK, "sh"];
    NAMESPACES
        .into_iter()
        .chain(shell)
        .map(OsString::from)
        .collect()
}

/// Some systems forbid them to users (Ubuntu since 24.04), some have no `ip`: tried, not guessed.
fn namespaces_work() -> bool {
    let mut words = namespaces().into_iter();
    let mut command = Command::new(words.next().expect("the list is not empty"));
    let command = command
        .args(words)
        .arg("true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_program_has_a_loopback_device_and_no_other() {
        let isolation = Isolation::of_this_machine();
        if !isolation.network {
            println!("SKIPPED: no namespaces for users on this machine");
            return;
        }
        let guard = isolation.guard();
        let output = Command::new(&guard[0])
            .args(&guard[1..])
            .args(["cat", "/proc/net/dev"])
            .output();
        let output = String::from_utf8(output.expect("it runs").stdout).expect("text");
        let devices: Vec<_> = output.lines().skip(2).collect();
        assert_eq!(devices.len(), 1, "{output}");
        assert!(devices[0].trim_start().starts_with("lo:"), "{output}");
    }
}
