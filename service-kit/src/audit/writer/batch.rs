//! What is done with the records that came in together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::super::event::{Event, Outcome, Stage};
use super::super::journal::{AuditError, Journal};
use super::super::refusal_budget::RefusalBudget;
use super::SYNC_AFTER;
use crate::clock::{Clock, Timestamp};

/// Records that are kept for a log that cannot be written now. Meanwhile nothing sensitive begins, so what comes is
/// the ends of what had begun, and refusals.
const LONGEST_BACKLOG: usize = 8_192;
/// How often the missed ones are told of.
const TELL_EVERY: Duration = Duration::from_secs(60);

type Waiting = Option<oneshot::Sender<bool>>;

pub(super) struct Batcher {
    journal: Journal,
    clock: Clock,
    budget: Arc<RefusalBudget>,
    /// Written, and not yet durable; after a failure they are written again.
    unsynced: Vec<Event>,
    /// To be written again.
    backlog: Vec<Event>,
    synced: Instant,
    told: Option<Timestamp>,
    failing: bool,
}

impl Batcher {
    pub fn new(journal: Journal, clock: Clock, budget: Arc<RefusalBudget>) -> Self {
        metrics::gauge!("audit_writable").set(1.0);
        // A graph should not begin with the first event: what an alert waits for is there from the start.
        for name in ["audit_missed_total", "audit_failures_total"] {
            metrics::counter!(name).increment(0);
        }
        Self {
            journal,
            clock,
            budget,
            unsynced: Vec::new(),
            backlog: Vec::new(),
            synced: Instant::now(),
            told: None,
            failing: false,
        }
    }

    pub fn is_all_durable(&self) -> bool {
        self.unsynced.is_empty()
    }

    /// Writes the records and answers who waits for them. `last`: nothing comes after.
    pub fn work(&mut self, records: Vec<(Event, Waiting)>, last: bool) {
        let now = self.clock.now();
        let mut events = std::mem::take(&mut self.backlog);
        let (mut waiting, mut waited_for) = (Vec::new(), Vec::new());
        for (event, done) in records {
            if let Some(done) = done {
                waiting.push(done);
                waited_for.push(events.len());
            }
            events.push(event);
        }
        events.extend(self.missed(now, last));
        if last {
            events.push(Event::note(now, "audit.closed"));
        }
        let must_sync = last || !waiting.is_empty() || self.synced.elapsed() >= SYNC_AFTER;
        match self.write(&events, must_sync) {
            Ok(()) => {
                self.count(&events);
                self.unsynced.append(&mut events);
                self.answer(waiting, true);
                self.after_write(now, must_sync, last);
            }
            Err(error) => {
                // The actions that wait are refused, so their records would tell of what never was.
                for place in waited_for.into_iter().rev() {
                    events.remove(place);
                }
                self.keep_for_later(events, &error);
                self.answer(waiting, false);
                if last {
                    let records = self.backlog.len();
                    tracing::error!(records, "the audit log ends without its last records");
                }
            }
        }
    }

    fn write(&mut self, events: &[Event], must_sync: bool) -> Result<(), AuditError> {
        self.journal.append(events)?;
        if must_sync && !(events.is_empty() && self.unsynced.is_empty()) {
            self.journal.sync()?;
        }
        Ok(())
    }

    /// The anchor follows the records that it names, and nobody waits for it.
    fn after_write(&mut self, now: Timestamp, synced: bool, last: bool) {
        let mut done = Ok(());
        if synced {
            self.unsynced.clear();
            self.synced = Instant::now();
            done = self.journal.anchor();
        }
        if done.is_ok() && !last && self.unsynced.is_empty() && self.journal.is_house_due(now) {
            match self.journal.keep_house(now) {
                Ok(notes) => self.backlog.extend(notes),
                Err(error) => {
                    tracing::error!(%error, "months of the audit log were not looked after")
                }
            }
        }
        match done {
            Ok(()) => self.tell_state(None),
            Err(error) => self.tell_state(Some(&error)),
        }
    }

    fn keep_for_later(&mut self, events: Vec<Event>, error: &AuditError) {
        self.tell_state(Some(error));
        let mut kept = std::mem::take(&mut self.unsynced);
        kept.extend(events);
        if kept.len() > LONGEST_BACKLOG {
            let before = kept.len();
            kept.retain(|event| event.stage != Stage::Refused);
            kept.truncate(LONGEST_BACKLOG);
            self.budget.miss((before - kept.len()) as u64);
        }
        self.backlog = kept;
    }

    fn answer(&self, waiting: Vec<oneshot::Sender<bool>>, durable: bool) {
        for done in waiting {
            // Who waited may have gone.
            let _ = done.send(durable);
        }
    }

    /// Once, when it changes: a log that fails must not fill another one.
    fn tell_state(&mut self, error: Option<&AuditError>) {
        if error.is_some() {
            metrics::counter!("audit_failures_total").increment(1);
        }
        if error.is_some() == self.failing {
            return;
        }
        self.failing = error.is_some();
        metrics::gauge!("audit_writable").set(if self.failing { 0.0 } else { 1.0 });
        match error {
            Some(error) => {
                tracing::error!(%error, "the audit log cannot be written: sensitive actions are refused");
            }
            None => tracing::warn!("the audit log can be written again"),
        }
    }

    fn missed(&mut self, now: Timestamp, last: bool) -> Option<Event> {
        let due = last || self.told.is_none_or(|told| now >= told.plus(TELL_EVERY));
        let missed = if due { self.budget.take_missed() } else { 0 };
        if missed == 0 {
            return None;
        }
        self.told = Some(now);
        let text = format!("{missed} records, of refusals, were counted and not written");
        let event = Event::note(now, "audit.missed").reason(text);
        Some(event.outcome(Outcome::Failure))
    }

    fn count(&self, events: &[Event]) {
        for event in events {
            metrics::counter!("audit_records_total", "stage" => event.stage.as_str()).increment(1);
        }
    }
}
