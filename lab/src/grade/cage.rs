//! The files that a submission may touch, while it is built and while it runs.
//!
//! Threat: `include_bytes!` of a key in the teacher's home, or a program that reads the hidden criteria, other
//! submissions or a list of marks. On Linux the kernel refuses all that is not listed here (Landlock, kernel 5.13); it
//! needs no privileges, cannot be undone, and holds for every process that is started afterwards. Processes outside of
//! the cage can neither be traced nor, from kernel 6.12 on, be sent a signal.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cage {
    pub read: Vec<PathBuf>,
    pub write: Vec<PathBuf>,
}

/// What any program needs: libraries, the linker, names of hosts. Nothing of a person's is there.
const SYSTEM: [&str; 19] = [
    "/bin",
    "/etc/alternatives",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix/store",
    "/sbin",
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
    "/usr",
];
const DEVICES: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/urandom",
    "/dev/random",
];

impl Cage {
    /// The command that closes this cage around the program which is added to it.
    pub fn command(&self, lab: PathBuf) -> Vec<OsString> {
        let listed = |name: &str, paths: &[PathBuf]| -> Vec<OsString> {
            let each = paths.iter();
            each.flat_map(|path| [OsString::from(name), path.into()])
                .collect()
        };
        let mut command = vec![lab.into_os_string(), "confine".into()];
        command.extend(listed("--read", &self.read));
        command.extend(listed("--write", &self.write));
        command.push("--".into());
        command
    }

    /// Closes the cage around this thread and all that it starts from now on. False where the kernel cannot.
    #[cfg(target_os = "linux")]
    pub fn close(&self) -> io::Result<bool> {
        use landlock::{
            ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
            path_beneath_rules,
        };
        // The newest that this program knows: an older kernel enforces what it can of it.
        let abi = ABI::V9;
        let rules = || {
            let system = SYSTEM.iter().map(PathBuf::from);
            let readable = system.chain(self.read.iter().cloned());
            let devices = DEVICES.iter().map(PathBuf::from);
            let writable = devices.chain(self.write.iter().cloned());
            Ruleset::default()
                .handle_access(AccessFs::from_all(abi))?
                .scope(Scope::from_all(abi))?
                .create()?
                .add_rules(path_beneath_rules(readable, AccessFs::from_read(abi)))?
                .add_rules(path_beneath_rules(writable, AccessFs::from_all(abi)))?
                .restrict_self()
        };
        let status = rules().map_err(io::Error::other)?;
        Ok(status.ruleset != RulesetStatus::NotEnforced)
    }

    #[cfg(not(target_os = "linux"))]
    pub fn close(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// Whether the kernel can close one. A thread of its own finds out: a cage is never opened again.
    pub fn can_be_closed() -> bool {
        let tried = std::thread::spawn(|| Self::default().close());
        matches!(tried.join(), Ok(Ok(true)))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    /// In a thread of its own, so that the test itself stays outside.
    fn inside<T: Send + 'static>(cage: Cage, look: impl FnOnce() -> T + Send + 'static) -> T {
        let thread = std::thread::spawn(move || {
            cage.close().expect("rules");
            look()
        });
        thread.join().expect("the thread")
    }

    #[test]
    fn only_what_is_listed_can_be_read_and_only_its_own_folder_written() {
        if !Cage::can_be_closed() {
            println!("SKIPPED: this kernel has no Landlock");
            return;
        }
        let teacher = tempfile::tempdir().expect("a folder");
        let own = tempfile::tempdir().expect("a folder");
        let secret = teacher.path().join("hidden.rs");
        std::fs::write(&secret, "hidden").expect("written");
        let cage = Cage {
            read: Vec::new(),
            write: vec![own.path().to_owned()],
        };
        let mine = own.path().join("mine");
        let (read, written, by_child) = inside(cage, move || {
            let by_child = Command::new("cat").arg(&secret).output().expect("cat runs");
            (
                std::fs::read(&secret),
                std::fs::write(mine, "x"),
                by_child.stdout,
            )
        });
        let refused = read.expect_err("the teacher's file is closed");
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        written.expect("its own folder is open");
        assert!(by_child.is_empty(), "what it starts is in the cage too");
    }
}
