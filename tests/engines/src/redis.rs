//! A Redis of one's own: a `redis-server` on a free port of the loopback interface, with a password, empty, writing
//! nothing to a disk.
//!
//! Each caller gets another one, so that a test may stop, freeze and kill it; a start takes some milliseconds.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::keeper::{End, Keeper};
use crate::program::{find_named, free_port};
use crate::{Choice, tally};

/// Between two looks at whether it answers.
const POLL: Duration = Duration::from_millis(5);
/// A loaded machine starts slowly.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running Redis. Dropped, it ends.
#[derive(Debug)]
pub struct Redis {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    password: String,
    tls: Option<RedisTls>,
    keeper: Option<Keeper>,
}

/// PEM files of a Redis that speaks TLS too. It asks its clients for a certificate of the same authority.
#[derive(Debug, Clone)]
pub struct RedisTls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub authority: PathBuf,
}

/// `None`, said aloud, where there is no `redis-server`; a panic where `ESCALE_ENGINES` asks for one.
pub async fn redis() -> Option<Redis> {
    redis_with(None).await
}

/// The same with a second port, for TLS.
pub async fn redis_with(tls: Option<RedisTls>) -> Option<Redis> {
    let lent = tokio::task::spawn_blocking(|| lend(tls)).await;
    let lent = lent.expect("no panic while Redis starts");
    match &lent {
        Ok(_) => tally::lent("Redis", "a program of this system"),
        Err(why) if Choice::made() == Choice::System => {
            panic!("ESCALE_ENGINES asks for it, but {why}")
        }
        Err(why) => tally::skipped("Redis", why),
    }
    lent.ok()
}

fn lend(tls: Option<RedisTls>) -> Result<Redis, &'static str> {
    if !Choice::made().takes_programs() {
        return Err("ESCALE_ENGINES does not allow programs of this system");
    }
    let program = find_named("redis-server", []).ok_or("install the package redis-server")?;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut redis = Redis {
        program,
        folder,
        port: 0,
        password: uuid::Uuid::new_v4().simple().to_string(),
        tls,
        keeper: None,
    };
    // Between the choice of a port and its use, another program may take it.
    for _ in 0..5 {
        redis.port = free_port();
        if redis.start() {
            return Ok(redis);
        }
    }
    panic!("redis-server does not start: {}", redis.log());
}

impl Redis {
    /// `redis://:password@127.0.0.1:port`
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", self.password, self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next one, where it speaks TLS.
    pub fn tls_port(&self) -> u16 {
        self.port + 1
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// Freezes it: connections stay, answers do not come.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn cont(&self) {
        self.signal("-CONT");
    }

    /// Ends it without a word to anybody; all that it knew is lost.
    pub fn kill(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            keeper.end(End::Keep);
        }
    }

    /// Starts it again, empty, where it was.
    ///
    /// # Panics
    /// When it does not start: somebody else may have taken its port.
    pub fn restart(&mut self) {
        self.kill();
        assert!(
            self.start(),
            "redis-server does not start again: {}",
            self.log()
        );
    }

    /// The answer's first line to a command of single words, as `redis-cli` would send it.
    pub fn ask(&self, command: &str) -> Option<String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let mut asking = &stream;
        write!(asking, "AUTH {}\r\n{command}\r\n", self.password).ok()?;
        let mut answers = BufReader::new(&stream).lines();
        answers.next()?.ok().filter(|answer| answer == "+OK")?;
        answers.next()?.ok()
    }

    /// `false` when it ended at once.
    fn start(&mut self) -> bool {
        let config = self.write_config();
        // Of an earlier start, whose end would be taken for this one's.
        let _ = std::fs::remove_file(self.folder.path().join("log"));
        let server: [&OsStr; 2] = [self.program.as_ref(), config.as_ref()];
        let started = Keeper::start(self.folder.path(), "KILL", &server, None);
        let keeper = started.expect("a shell to keep it");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && !self.has_ended() {
            if self.ask("PING").as_deref() == Some("+PONG") {
                self.keeper = Some(keeper);
                return true;
            }
            std::thread::sleep(POLL);
        }
        keeper.end(End::Keep);
        false
    }

    /// In a file, as a password on a command line is everybody's to read.
    fn write_config(&self) -> PathBuf {
        let folder = self.folder.path().display();
        let config = format!(
            "bind 127.0.0.1\nport {}\nrequirepass {}\ndir \"{folder}\"\npidfile \"{folder}/pid\"\nsave \"\"\n\
             appendonly no\ndaemonize no\n",
            self.port, self.password
        );
        let config = match &self.tls {
            None => config,
            Some(tls) => format!(
                "{config}tls-port {}\ntls-cert-file \"{}\"\ntls-key-file \"{}\"\ntls-ca-cert-file \"{}\"\n",
                self.tls_port(),
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

    fn log(&self) -> String {
        let log = |folder: &Path| std::fs::read_to_string(folder.join("log"));
        log(self.folder.path()).unwrap_or_default()
    }

    fn signal(&self, signal: &str) {
        let pid = std::fs::read_to_string(self.folder.path().join("pid")).expect("it runs");
        let sent = Command::new("kill").args([signal, pid.trim()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {signal}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_answers_to_its_password_and_comes_back_empty() {
        let Some(mut redis) = redis().await else {
            return;
        };
        assert_eq!(redis.ask("SET a b").as_deref(), Some("+OK"));
        redis.stop();
        redis.cont();
        assert_eq!(redis.ask("EXISTS a").as_deref(), Some(":1"));
        redis.kill();
        assert_eq!(redis.ask("PING"), None);
        redis.restart();
        assert_eq!(redis.ask("EXISTS a").as_deref(), Some(":0"));
        redis.password = "another".to_owned();
        assert_eq!(redis.ask("PING"), None);
    }
}
