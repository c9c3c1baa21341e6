//! A Redis of one's own, with a password, empty, writing nothing to a disk: in a container where a Docker engine answers
//! and the feature `containers` is on, else a `redis-server` of this system on a free port of the loopback interface.
//!
//! Each caller gets another one, so that a test may stop, freeze and kill it.

#[cfg(feature = "containers")]
mod container;
mod system;

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::program::free_port;
use crate::{Choice, tally};
use system::Program;

const ENGINE: &str = "Redis";
/// Between two looks at whether it answers.
const POLL: Duration = Duration::from_millis(5);
/// A loaded machine starts slowly.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running Redis. Dropped, it ends.
#[derive(Debug)]
pub struct Redis {
    door: Door,
    server: Box<dyn Server>,
}

/// How it is reached, on the loopback interface.
#[derive(Debug)]
struct Door {
    port: u16,
    password: String,
}

/// Where it runs.
trait Server: std::fmt::Debug + Send + Sync {
    fn freeze(&self);
    fn thaw(&self);
    /// Ends it without a word to anybody.
    fn kill(&mut self);
    /// Starts it, empty, at this door; `false` when it does not come up there, and the reason when it comes up nowhere.
    fn start(&mut self, door: &Door) -> Result<bool, String>;
    fn log(&self) -> String;
}

/// PEM files of a Redis that speaks TLS too. It asks its clients for a certificate of the same authority.
#[derive(Debug, Clone)]
pub struct RedisTls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub authority: PathBuf,
}

/// `None`, said aloud, where there is no Redis; a panic where `ESCALE_ENGINES` asks for one.
pub async fn redis() -> Option<Redis> {
    redis_with(None).await
}

/// The same with a second port, for TLS. It is always a program of this system.
pub async fn redis_with(tls: Option<RedisTls>) -> Option<Redis> {
    let lent = tokio::task::spawn_blocking(|| lend(tls)).await;
    let lent = lent.expect("no panic while Redis starts");
    match &lent {
        Ok((_, from)) => tally::lent(ENGINE, from),
        Err(why) => tally::skipped(ENGINE, why),
    }
    lent.ok().map(|(redis, _)| redis)
}

fn lend(tls: Option<RedisTls>) -> Result<(Redis, &'static str), String> {
    let choice = Choice::made();
    let mut reasons = Vec::new();
    if tls.is_none() && choice.takes_containers() {
        match contained() {
            Ok(redis) => return Ok((redis, "a container")),
            Err(why) => reasons.push(format!("containers: {why}")),
        }
    }
    if choice.takes_programs() {
        match Program::find(tls.clone()) {
            Ok(program) => {
                let redis = Redis::start(Box::new(program));
                return Ok((redis?, "a program of this system"));
            }
            Err(why) => reasons.push(format!("programs: {why}")),
        }
    }
    let reasons = reasons.join("; ");
    match choice {
        Choice::Containers if tls.is_some() => Err(
            "with TLS it is a program of this system, and ESCALE_ENGINES does not want one"
                .to_owned(),
        ),
        Choice::Containers | Choice::System => panic!("ESCALE_ENGINES asks for it, but {reasons}"),
        Choice::None => Err("ESCALE_ENGINES does not want it".to_owned()),
        Choice::Any => Err(reasons),
    }
}

#[cfg(feature = "containers")]
fn contained() -> Result<Redis, String> {
    Redis::start(Box::new(container::Contained::begin()))
}

#[cfg(not(feature = "containers"))]
fn contained() -> Result<Redis, String> {
    Err("they take the feature `containers` of escale-engines".to_owned())
}

impl Redis {
    fn start(mut server: Box<dyn Server>) -> Result<Self, String> {
        let mut door = Door {
            port: 0,
            password: uuid::Uuid::new_v4().simple().to_string(),
        };
        // Between the choice of a port and its use, another program may take it.
        for _ in 0..5 {
            door.port = free_port();
            if server.start(&door)? {
                return Ok(Self { door, server });
            }
        }
        Err(format!("it does not start: {}", server.log()))
    }

    /// `redis://:password@127.0.0.1:port`
    pub fn url(&self) -> String {
        format!(
            "redis://:{}@127.0.0.1:{}",
            self.door.password, self.door.port
        )
    }

    pub fn port(&self) -> u16 {
        self.door.port
    }

    /// The next one, where it speaks TLS.
    pub fn tls_port(&self) -> u16 {
        self.door.port + 1
    }

    pub fn password(&self) -> &str {
        &self.door.password
    }

    /// Freezes it: connections stay, answers do not come.
    pub fn stop(&self) {
        self.server.freeze();
    }

    /// Lets it go on.
    pub fn cont(&self) {
        self.server.thaw();
    }

    /// Ends it without a word to anybody; all that it knew is lost.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Starts it again, empty, where it was.
    ///
    /// # Panics
    /// When it does not start: somebody else may have taken its port.
    pub fn restart(&mut self) {
        self.kill();
        let started = self.server.start(&self.door);
        assert_eq!(
            started,
            Ok(true),
            "it does not start again: {}",
            self.server.log()
        );
    }

    /// The answer's first line to a command of single words, as `redis-cli` would send it.
    pub fn ask(&self, command: &str) -> Option<String> {
        self.door.ask(command)
    }
}

impl Door {
    fn ask(&self, command: &str) -> Option<String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let mut asking = &stream;
        write!(asking, "AUTH {}\r\n{command}\r\n", self.password).ok()?;
        let mut answers = BufReader::new(&stream).lines();
        answers.next()?.ok().filter(|answer| answer == "+OK")?;
        answers.next()?.ok()
    }

    /// Waits until it answers; `false` when it has not within [`PATIENCE`], or `has_ended`.
    fn opens(&self, has_ended: impl Fn() -> bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && !has_ended() {
            if self.ask("PING").as_deref() == Some("+PONG") {
                return true;
            }
            std::thread::sleep(POLL);
        }
        false
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
        redis.door.password = "another".to_owned();
        assert_eq!(redis.ask("PING"), None);
    }
}
