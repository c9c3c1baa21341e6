//! Months are closed when they are over, and go when they are old enough (R18): by the service's clock, once a day.
//!
//! What goes leaves a checkpoint in the anchor, under the key: the month's last sequence and hash, from which the
//! oldest kept record follows. A month that does not verify is not pruned, as it is evidence.

use std::fs;

use super::super::files::Closed;
use super::super::lines::{End, record_before, walk};
use super::*;
use crate::clock::Timestamp;

impl Journal {
    /// Once a day.
    pub fn is_house_due(&self, now: Timestamp) -> bool {
        self.looked != Some(now.date())
    }

    /// Gives the records that tell what was done. Everything that was appended is durable before.
    ///
    /// # Errors
    /// What could not be done today is tried again tomorrow; the log can be written on.
    pub fn keep_house(&mut self, now: Timestamp) -> Result<Vec<Event>, AuditError> {
        self.looked = Some(now.date());
        // A clock that was set back closes nothing: the month goes on.
        if self.month.as_ref().is_some_and(|begun| *begun < month(now)) {
            self.close_month()?;
        }
        self.prune(now)
    }

    /// The current file takes its month's name. The anchor follows; [`Journal::open`] mends a crash in between.
    fn close_month(&mut self) -> Result<(), AuditError> {
        let Some(month) = self.month.clone() else {
            return Ok(());
        };
        self.anchor()?;
        let target = self.files.closed_at(&month);
        if target.exists() {
            return Err(AuditError::InTheWay(target));
        }
        self.file = None;
        fs::rename(self.files.current(), &target)?;
        sync_folder(self.files.folder())?;
        self.durable.bytes = 0;
        self.written = self.durable;
        self.leftover = 0;
        self.month = None;
        self.anchor()
    }

    fn prune(&mut self, now: Timestamp) -> Result<Vec<Event>, AuditError> {
        let mut events = Vec::new();
        for closed in self.files.closed()? {
            if self.is_pruned(&closed) {
                // The process ended between the checkpoint and this.
                fs::remove_file(&closed.path)?;
                continue;
            }
            let length = fs::metadata(&closed.path)?.len();
            let last = record_before(&closed.path, length, &self.key)?;
            if matches!(&last, Ok(record) if record.at >= now.minus(self.keep)) {
                break;
            }
            let Some(checkpoint) = self.verified(&closed)? else {
                break;
            };
            let text = format!(
                "{}: {} records up to {}, the last hash {}",
                checkpoint.month, checkpoint.count, checkpoint.last.sequence, checkpoint.last.hash
            );
            self.checkpoint = Some(checkpoint);
            self.anchored = None;
            self.anchor()?;
            fs::remove_file(&closed.path)?;
            tracing::info!(text, "an old month of the audit log was pruned");
            events.push(Event::note(now, "audit.pruned").reason(text));
        }
        Ok(events)
    }

    fn is_pruned(&self, closed: &Closed) -> bool {
        let checkpoint = self.checkpoint.as_ref();
        checkpoint.is_some_and(|checkpoint| closed.month <= checkpoint.month)
    }

    fn verified(&self, closed: &Closed) -> Result<Option<Checkpoint>, AuditError> {
        let base = self.head().base();
        let (walked, end) = walk(&closed.path, 0, base, &self.key, |_| Ok(()))?;
        if let End::Clean = end {
            return Ok(Some(Checkpoint {
                month: closed.month.clone(),
                count: walked.lines,
                last: walked.place,
            }));
        }
        let line = walked.lines + 1;
        tracing::error!(file = %closed.path.display(), line, ?end, "a month of the audit log does not verify: it is kept");
        Ok(None)
    }
}
