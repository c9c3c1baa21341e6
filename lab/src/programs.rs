//! The services' programs: built by cargo, found where cargo says that it put them.

use std::env;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::service::Service;

/// The folder with the services' programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs(pub PathBuf);

#[derive(Debug)]
pub enum BuildError {
    NoCargo(io::Error),
    /// What cargo printed, where it was not shown already.
    Failed(String),
}

/// What to build, and how.
#[derive(Debug, Clone, Copy)]
pub struct Build<'a> {
    pub workspace: &'a Path,
    pub release: bool,
    /// Cargo's own progress is let through to standard error; else only errors are shown, at the end.
    pub progress: bool,
}

impl Programs {
    /// The folder of the program that runs now.
    pub fn beside_this_one() -> io::Result<Self> {
        let folder = env::current_exe()?.parent().map(Path::to_owned);
        folder
            .map(Self)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub fn of(&self, service: Service) -> PathBuf {
        self.0
            .join(format!("{}{}", service.program(), env::consts::EXE_SUFFIX))
    }

    /// What to run. Windows locks the file of a running program, and cargo could not build it again while the platform
    /// is up: there a copy runs.
    pub fn runnable(&self, program: &Path, run_folder: &Path) -> io::Result<PathBuf> {
        if !cfg!(windows) {
            return Ok(program.to_owned());
        }
        let name = program.file_name().ok_or(io::ErrorKind::NotFound)?;
        let copy = run_folder.join("programs").join(name);
        std::fs::create_dir_all(run_folder.join("programs"))?;
        // The copy's last process may still be ending.
        let mut tries = 0..50;
        while let Err(error) = std::fs::copy(program, &copy) {
            tries.next().ok_or(error)?;
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(copy)
    }
}

/// The one line of cargo's JSON that is of interest: a program has been built, or was fresh.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}

/// One `cargo build` for all of them, in the profile asked for. Cargo says where the programs are: a target folder
/// moved by configuration is found.
pub fn build(build: Build<'_>) -> Result<Programs, BuildError> {
    let mut command = cargo_build(build);
    command.stderr(if build.progress {
        Stdio::inherit()
    } else {
        Stdio::piped()
    });
    let mut cargo = command.spawn().map_err(BuildError::NoCargo)?;
    let errors = cargo
        .stderr
        .take()
        .map(|stderr| std::thread::spawn(move || io::read_to_string(stderr).unwrap_or_default()));
    let lines = cargo.stdout.take().map(BufReader::new);
    let folder = lines
        .into_iter()
        .flat_map(|lines| lines.lines().map_while(Result::ok))
        .fold(None, |folder: Option<PathBuf>, line| {
            folder.or_else(|| folder_of_artifact(&line))
        });
    let status = cargo.wait().map_err(BuildError::NoCargo)?;
    let errors = errors
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    match folder {
        Some(folder) if status.success() => Ok(Programs(folder)),
        _ => Err(BuildError::Failed(errors)),
    }
}

fn cargo_build(build: Build<'_>) -> Command {
    // `cargo lab` runs under cargo, which says where it is.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(build.workspace)
        .args([
            "build",
            // All of them, always: a choice of packages would be another choice of features, and cargo would compile
            // the dependencies again. But not this program: Windows locks the file of what runs.
            "--workspace",
            "--exclude",
            "escale-lab",
            "--bins",
            "--message-format=json-render-diagnostics",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    if build.release {
        command.arg("--release");
    }
    if !build.progress {
        command.arg("--quiet");
    }
    command
}

fn folder_of_artifact(line: &str) -> Option<PathBuf> {
    let artifact: Artifact = serde_json::from_str(line).ok()?;
    artifact.executable?.parent().map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_are_where_cargo_says() {
        let line = r#"{"reason":"compiler-artifact","executable":"/t/debug/gateway","fresh":true}"#;
        assert_eq!(folder_of_artifact(line), Some(PathBuf::from("/t/debug")));
        for other in [
            r#"{"reason":"compiler-artifact","executable":null}"#,
            "{}",
            "warning: x",
        ] {
            assert_eq!(folder_of_artifact(other), None, "{other}");
        }
    }

    #[test]
    fn the_bank_is_a_program_of_the_payment_package() {
        let program = Programs(PathBuf::from("t")).of(Service::Bank);
        assert_eq!(
            program.file_stem().and_then(|name| name.to_str()),
            Some("test-bank")
        );
    }
}
