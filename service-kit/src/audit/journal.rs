//! The files: appending, making durable, anchoring. Everything here blocks; the writer's task calls it.
//!
//! Three things are kept apart. `written` is what the file holds, `durable` what survives a crash, and the anchor says
//! on disk what was durable. After a failed write the file is cut back to `durable`, and its caller writes again what
//! it has not seen made durable.

mod housekeeping;
mod opening;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::time::Duration;

use super::chain::{self, AuditKey, Damage, Place};
use super::event::Event;
use super::files::{AuditFiles, month, sync_folder};
use super::head::{Checkpoint, Head, HeadFault};

/// Why the log cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{file} is in use by another process", file = .0.display())]
    InUse(PathBuf),
    #[error("the anchor {file}: {fault}", file = .file.display())]
    Head { file: PathBuf, fault: HeadFault },
    #[error("{file} was cut short: it must have {expected} bytes at the least, and has {found}", file = .file.display())]
    Cut {
        file: PathBuf,
        expected: u64,
        found: u64,
    },
    #[error("{file}, its last anchored line: {damage}", file = .file.display())]
    Damaged { file: PathBuf, damage: Damage },
    #[error("{file} was changed by somebody else: {expected} bytes were written, {found} are there", file = .file.display())]
    Touched {
        file: PathBuf,
        expected: u64,
        found: u64,
    },
    #[error("{file} is there already", file = .0.display())]
    InTheWay(PathBuf),
}

/// A place in the chain and in the current file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    place: Place,
    bytes: u64,
}

#[derive(Debug)]
pub(super) struct Journal {
    files: AuditFiles,
    key: AuditKey,
    keep: Duration,
    /// Open while all is well; the next write after a failure opens it again.
    file: Option<File>,
    written: Reach,
    durable: Reach,
    anchored: Option<Reach>,
    /// The length up to which a failed write may have come.
    leftover: u64,
    /// Of the current file's first record.
    month: Option<String>,
    checkpoint: Option<Checkpoint>,
    /// The day on which months were last looked at.
    looked: Option<time::Date>,
    /// Held as long as this process writes.
    _lock: File,
}

impl Journal {
    /// Adds records behind the last one. They are durable after [`Journal::sync`].
    ///
    /// # Errors
    /// Then none of them, nor of those since the last sync, is in the log.
    pub fn append(&mut self, events: &[Event]) -> Result<(), AuditError> {
        let done = self.try_append(events);
        if done.is_err() {
            self.roll_back();
        }
        done
    }

    fn try_append(&mut self, events: &[Event]) -> Result<(), AuditError> {
        // An anchor that could not be written must not fall behind further.
        if self.file.is_none() {
            self.reopen()?;
            self.anchor()?;
        }
        self.check_untouched()?;
        let Some(first) = events.first() else {
            return Ok(());
        };
        let (text, place) = self.sealed(events);
        self.leftover = self.written.bytes + text.len() as u64;
        let file = self.file.as_mut().expect("opened above");
        file.write_all(text.as_bytes())?;
        if self.written.bytes == 0 {
            self.month = Some(month(first.at));
            sync_folder(self.files.folder())?;
        }
        let bytes = self.leftover;
        self.written = Reach { place, bytes };
        Ok(())
    }

    /// Makes durable what was appended.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn sync(&mut self) -> Result<(), AuditError> {
        let synced = match &self.file {
            Some(file) => file.sync_data(),
            None => Err(io::Error::from(ErrorKind::NotConnected)),
        };
        if let Err(error) = synced {
            self.roll_back();
            return Err(error.into());
        }
        self.durable = self.written;
        Ok(())
    }

    /// Says on disk how far the durable log reaches.
    ///
    /// # Errors
    /// The records are safe. The next append tries again, and fails while the anchor cannot be written.
    pub fn anchor(&mut self) -> Result<(), AuditError> {
        if self.anchored == Some(self.durable) {
            return Ok(());
        }
        let written = self.head().write(&self.files.head(), &self.key);
        if let Err(error) = written {
            self.file = None;
            return Err(error.into());
        }
        self.anchored = Some(self.durable);
        Ok(())
    }

    fn head(&self) -> Head {
        Head {
            last: self.durable.place,
            bytes: self.durable.bytes,
            checkpoint: self.checkpoint.clone(),
        }
    }

    fn sealed(&self, events: &[Event]) -> (String, Place) {
        let mut place = self.written.place;
        let mut text = String::new();
        for event in events {
            let (line, next) = chain::seal(&self.key, event.to_json(place), place);
            text.push_str(&line);
            place = next;
        }
        (text, place)
    }

    /// A file that was removed, renamed, cut or written to by others would take records that nobody finds again.
    fn check_untouched(&self) -> Result<(), AuditError> {
        let found = std::fs::metadata(self.files.current())?.len();
        if found == self.written.bytes {
            return Ok(());
        }
        Err(AuditError::Touched {
            file: self.files.current().to_owned(),
            expected: self.written.bytes,
            found,
        })
    }

    /// After a failure nobody knows what is in the file beyond what was synced.
    fn roll_back(&mut self) {
        self.file = None;
        self.written = self.durable;
        if self.durable.bytes == 0 {
            self.month = None;
        }
    }

    /// Opens the current file and cuts off what a failed write of ours has left; a new one only where none was begun.
    fn reopen(&mut self) -> Result<(), AuditError> {
        let path = self.files.current().to_owned();
        let mut options = OpenOptions::new();
        options.append(true).create(self.durable.bytes == 0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(&path)?;
        let (found, expected) = (file.metadata()?.len(), self.durable.bytes);
        if found < expected || found > self.leftover.max(expected) {
            return Err(AuditError::Touched {
                file: path,
                expected,
                found,
            });
        }
        if found > expected {
            file.set_len(expected)?;
            file.sync_data()?;
        }
        self.written = self.durable;
        self.leftover = expected;
        self.file = Some(file);
        Ok(())
    }
}
