//! Starts the steps of grading: with an environment of their own, a folder of their own for what is temporary, and
//! whatever isolation this machine has.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::bounded::{self, Ended};
use super::cage::Cage;
use super::isolation::Isolation;
use super::step::Task;
use crate::workshop::Workshop;

/// Windows starts nothing without some of these; elsewhere they are not set. No secret is among them.
const HANDED_ON: [&str; 8] = [
    "SystemRoot",
    "SystemDrive",
    "ComSpec",
    "PATHEXT",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "ProgramData",
    "NUMBER_OF_PROCESSORS",
];

pub struct Processes {
    pub isolation: Isolation,
    lab: PathBuf,
    /// The compiler itself: rustup's stand-ins would look for their settings in the teacher's home.
    toolchain: PathBuf,
    cargo_home: PathBuf,
    temporary: PathBuf,
}

impl Processes {
    pub fn new(shop: &Workshop, workspace: &Path) -> io::Result<Self> {
        let temporary = shop.place("tmp");
        // What an interrupted run left behind.
        if temporary.exists() {
            std::fs::remove_dir_all(&temporary)?;
        }
        std::fs::create_dir_all(&temporary)?;
        Ok(Self {
            isolation: Isolation::of_this_machine(),
            lab: std::env::current_exe()?,
            toolchain: toolchain(workspace)?,
            cargo_home: cargo_home()?,
            temporary,
        })
    }

    /// The sources, the compiler, the dependencies' sources; to be written is the target folder alone.
    pub fn build_cage(&self, shop: &Workshop) -> Cage {
        let tree = shop.tree.folder();
        let mut read = vec![
            tree.to_owned(),
            self.toolchain.clone(),
            self.cargo_home.join("registry"),
            self.cargo_home.join("config.toml"),
        ];
        read.extend(settings_above(tree));
        Cage {
            read,
            write: vec![shop.target()],
        }
    }

    /// The programs and nothing else; each run adds its own temporary folder.
    pub fn run_cage(&self, programs: &Path) -> Cage {
        Cage {
            read: vec![programs.to_owned()],
            write: Vec::new(),
        }
    }

    pub async fn run(&self, task: &Task, limit: Duration) -> io::Result<Ended> {
        let own = tempfile::tempdir_in(&self.temporary)?;
        let task = task.writing_to(own.path());
        // Beside the folder, not in it: a submission could read there what it is asked.
        let order = tempfile::NamedTempFile::new_in(&self.temporary)?;
        serde_json::to_writer(&order, &task)?;
        let mut words: Vec<OsString> = self.isolation.guard();
        words.push(self.lab.clone().into());
        words.push("grading-step".into());
        words.push(order.path().into());
        let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(arguments).env_clear();
        command.envs(self.environment(own.path()));
        bounded::run(command, limit).await
    }

    fn environment(&self, own: &Path) -> Vec<(OsString, OsString)> {
        let handed_on = HANDED_ON
            .into_iter()
            .filter_map(|key| Some((key.into(), std::env::var_os(key)?)));
        let set = |key: &str, value: &Path| (OsString::from(key), value.as_os_str().to_owned());
        let bin = self.toolchain.join("bin");
        let mut path = bin.clone().into_os_string();
        let system = std::env::var_os("PATH").unwrap_or_default();
        let joined = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&system)));
        if let Ok(joined) = joined {
            path = joined;
        }
        let own_keys = ["TMPDIR", "TMP", "TEMP", "HOME"].map(|key| set(key, own));
        let cargo = self.toolchain.join("bin").join("cargo");
        handed_on
            .chain(own_keys)
            .chain([
                ("PATH".into(), path),
                set(
                    "CARGO",
                    &cargo.with_extension(std::env::consts::EXE_EXTENSION),
                ),
                set("CARGO_HOME", &self.cargo_home),
                ("CARGO_NET_OFFLINE".into(), "true".into()),
            ])
            .collect()
    }
}

impl Task {
    /// The same task with one folder more to write to.
    fn writing_to(&self, folder: &Path) -> Self {
        let mut task = self.clone();
        let (Self::Build { cage, .. } | Self::Judge { cage, .. }) = &mut task;
        cage.write.push(folder.to_owned());
        task
    }
}

/// Cargo reads the settings of every folder above the one it is started in, and ends where it may not. The usual target
/// folder is in the workspace, which has such settings.
fn settings_above(tree: &Path) -> impl Iterator<Item = PathBuf> {
    let above = tree.ancestors().skip(1);
    above
        .map(|folder| folder.join(".cargo").join("config.toml"))
        .filter(|settings| settings.is_file())
}

fn toolchain(workspace: &Path) -> io::Result<PathBuf> {
    let output = std::process::Command::new("rustc")
        .current_dir(workspace)
        .args(["--print", "sysroot"])
        .stdin(Stdio::null())
        .output()?;
    let path = String::from_utf8_lossy(&output.stdout);
    match path.trim() {
        "" => Err(io::ErrorKind::NotFound.into()),
        path => Ok(path.into()),
    }
}

fn cargo_home() -> io::Result<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let usual = || std::env::home_dir().map(|home| home.join(".cargo"));
    named.or_else(usual).ok_or(io::ErrorKind::NotFound.into())
}
