//! The promises of the log: what was done to it is found, and a crash is mended in the open.

mod crashes;
mod retention;
mod tampering;

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::chain::Place;
use super::journal::Journal;
use super::verify::{Finding, Verdict};
use super::*;
use crate::clock::Timestamp;

const DAY: u64 = 86_400;
/// 2027-06-30T12:00:00Z.
const NOON: Timestamp = Timestamp(1_814_356_800_000);
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

struct Bench {
    config: AuditConfig,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = AuditConfig {
            file: folder.path().join("audit/gateway.jsonl"),
            key: AuditKey::from_base64(KEY).expect("a key"),
            keep: Duration::from_secs(184 * DAY),
        };
        Self {
            config,
            _folder: folder,
        }
    }

    fn files(&self) -> AuditFiles {
        AuditFiles::of(&self.config.file)
    }

    fn journal(&self) -> (Journal, Vec<Event>) {
        Journal::open(&self.config, NOON).expect("the log opens")
    }

    /// The log with `audit.begun`, `audit.opened` and so many more, closed.
    fn with_records(self, more: u64) -> Self {
        let (mut journal, mut events) = self.journal();
        events.extend((0..more).map(event));
        durable(&mut journal, &events);
        self
    }

    fn verify(&self) -> Result<Verdict, Finding> {
        verify(&self.config.file, &self.config.key)
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.config.file).expect("the log")
    }

    fn write(&self, text: &[u8]) {
        fs::write(&self.config.file, text).expect("the folder can be written");
    }

    fn actions(&self) -> Vec<String> {
        let action = |line: &str| {
            let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
            record["event.action"].as_str().expect("text").to_owned()
        };
        self.text().lines().map(action).collect()
    }
}

fn event(number: u64) -> Event {
    Event::new(NOON, "booking.create", Stage::Before).reason(format!("number {number}"))
}

fn durable(journal: &mut Journal, events: &[Event]) {
    journal.append(events).expect("written");
    journal.sync().expect("synced");
    journal.anchor().expect("anchored");
}
