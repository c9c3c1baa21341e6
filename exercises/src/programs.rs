//! The built programs of one submission.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tokio::process::Command;

#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    guard: Vec<OsString>,
}

impl Programs {
    /// The folder where cargo, or who copied them, put them.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            guard: Vec::new(),
        }
    }

    /// Each is started by this command, which is given the program's path as its last argument: code of somebody whom
    /// nobody knows runs where it can read and change as little as possible.
    #[must_use]
    pub fn behind(self, guard: Vec<OsString>) -> Self {
        Self { guard, ..self }
    }

    pub fn of(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{EXE_SUFFIX}"))
    }

    /// The program with this name, ready to be started.
    pub(crate) fn command(&self, name: &str) -> Command {
        let program = self.of(name);
        match self.guard.split_first() {
            Some((guard, arguments)) => {
                let mut command = Command::new(guard);
                command.args(arguments).arg(program);
                command
            }
            None => Command::new(program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_what_is_started_and_the_program_is_its_last_argument() {
        let guard = ["lab", "confine", "--"].map(OsString::from).to_vec();
        let programs = Programs::in_folder(Path::new("bin")).behind(guard);
        let command = programs.command("stage");
        let command = command.as_std();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(command.get_program(), "lab");
        assert_eq!(arguments[..2], ["confine", "--"]);
        assert_eq!(arguments[2], programs.of("stage"));
    }
}
