//! A `redis-server` of this system.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Door, RedisTls, Server};
use crate::keeper::{End, Keeper};
use crate::program::find_named;

#[derive(Debug)]
pub(super) struct Program {
    file: PathBuf,
    folder: TempDir,
    tls: Option<RedisTls>,
    keeper: Option<Keeper>,
}

impl Program {
    pub(super) fn find(tls: Option<RedisTls>) -> Result<Self, String> {
        let file = find_named("redis-server", []).ok_or("install the package redis-server")?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        Ok(Self {
            file,
            folder,
            tls,
            keeper: None,
        })
    }

    /// In a file, as a password on a command line is everybody's to read.
    fn write_config(&self, door: &Door) -> PathBuf {
        let folder = self.folder.path().display();
        let config = format!(
            "bind 127.0.0.1\nport {}\nrequirepass {}\ndir \"{folder}\"\npidfile \"{folder}/pid\"\nsave \"\"\n\
             appendonly no\ndaemonize no\n",
            door.port, door.password
        );
        let config = match &self.tls {
            None => config,
            Some(tls) => format!(
                "{config}tls-port {}\ntls-cert-file \"{}\"\ntls-key-file \"{}\"\ntls-ca-cert-file \"{}\"\n",
                door.port + 1,
                tls.certificate.display(),
                tls.key.display(),
                tls.authority.display()
            ),
        };
        let file = self.folder.path().join("redis.conf");
        std::fs::write(&file, config).expect("the folder can be written");
        file
    }

    /// As its log says: it could not have its port, or does not take its settings.
    fn has_ended(&self) -> bool {
        let log = self.log();
        ["Failed listening", "FATAL"]
            .iter()
            .any(|fault| log.contains(fault))
    }

    fn signal(&self, signal: &str) {
        let pid = std::fs::read_to_string(self.folder.path().join("pid")).expect("it runs");
        let sent = Command::new("kill").args([signal, pid.trim()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {signal}");
    }
}

impl Server for Program {
    fn freeze(&self) {
        self.signal("-STOP");
    }

    fn thaw(&self) {
        self.signal("-CONT");
    }

    fn kill(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.end(End::Keep);
        }
    }

    fn start(&mut self, door: &Door) -> Result<bool, String> {
        let config = self.write_config(door);
        // Of an earlier start, whose end would be taken for this one's.
        let _ = std::fs::remove_file(self.folder.path().join("log"));
        let server: [&OsStr; 2] = [self.file.as_ref(), config.as_ref()];
        let started = Keeper::start(self.folder.path(), "KILL", &server, None);
        self.keeper = Some(started.expect("a shell to keep it"));
        let is_open = door.opens(|| self.has_ended());
        if !is_open {
            self.kill();
        }
        Ok(is_open)
    }

    fn log(&self) -> String {
        let log = |folder: &Path| std::fs::read_to_string(folder.join("log"));
        log(self.folder.path()).unwrap_or_default()
    }
}
