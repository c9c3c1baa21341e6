//! The services' programs, and where they are.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::service::Service;

/// The folder with the services' programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs(pub PathBuf);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bank_is_a_program_of_the_payment_package() {
        let program = Programs(PathBuf::from("t")).of(Service::Bank);
        assert_eq!(
            program.file_stem().and_then(|name| name.to_str()),
            Some("test-bank")
        );
    }
}
