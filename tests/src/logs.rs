//! Every log line of the suite is looked through for what must never be logged (R20): passwords, tokens, e-mails.
//!
//! The harness names its secrets as canaries; a line that holds one is kept as a leak, and the next [`assert_clean`]
//! (every town calls it at its end) fails the test.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, OnceLock};

use tracing_subscriber::EnvFilter;

/// What looks through lines. The suite has one; its own test has another.
#[derive(Debug, Default)]
pub struct Watcher {
    canaries: Mutex<Vec<String>>,
    leaks: Mutex<Vec<String>>,
    lines: Mutex<VecDeque<String>>,
}

/// Secrets that need no naming: every signed token begins like this, every card token and every API key like that.
const ALWAYS: [&str; 4] = ["eyJ", "tok_", "esc_", "Bearer "];

/// So many of the newest lines are kept for [`Watcher::find`]; all are looked through.
const KEPT: usize = 50_000;

impl Watcher {
    pub fn add_canary(&self, secret: &str) {
        assert!(secret.len() >= 8, "a short canary would be found by chance");
        self.canaries.lock().unwrap().push(secret.to_owned());
    }

    pub fn look_at(&self, line: &str) {
        self.search(line);
        let mut lines = self.lines.lock().unwrap();
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    /// Looks for secrets alone: a platform's files would leave no room for the lines of this process.
    pub fn search(&self, line: &str) {
        let canaries = self.canaries.lock().unwrap();
        let mut secrets = ALWAYS
            .into_iter()
            .chain(canaries.iter().map(String::as_str));
        if secrets.any(|secret| line.contains(secret)) {
            self.leaks.lock().unwrap().push(line.to_owned());
        }
    }

    pub fn leaks(&self) -> Vec<String> {
        self.leaks.lock().unwrap().clone()
    }

    /// The kept lines that hold all of these texts.
    pub fn find(&self, texts: &[&str]) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        lines
            .iter()
            .filter(|line| texts.iter().all(|text| line.contains(text)))
            .cloned()
            .collect()
    }
}

/// The suite's watcher. A static, unlike anything in the product: `tracing` has one subscriber a process.
pub fn watcher() -> &'static Watcher {
    static WATCHER: OnceLock<Watcher> = OnceLock::new();
    WATCHER.get_or_init(Watcher::default)
}

/// Sends all logs of this process to the watcher. A second call changes nothing.
pub fn watch() {
    watch_from("debug,sqlx=info,hyper=info,h2=info,rustls=info");
}

/// As [`watch`], for what `LOG_LEVEL` would let through with this value.
pub fn watch_from(filter: &str) {
    static BEGUN: OnceLock<()> = OnceLock::new();
    BEGUN.get_or_init(|| {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_env_filter(EnvFilter::new(filter))
            .with_writer(|| Line)
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
    });
}

pub fn canary(secret: &str) {
    watcher().add_canary(secret);
}

#[track_caller]
pub fn assert_clean() {
    let leaks = watcher().leaks();
    assert!(
        leaks.is_empty(),
        "{} log line(s) hold a secret, the first: {}",
        leaks.len(),
        leaks[0]
    );
}

struct Line;

impl io::Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        watcher().look_at(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
