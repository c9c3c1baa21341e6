//! Opening the log at a start: from the anchor on, every record is verified, and what a crash has left is mended in
//! the open.
//!
//! A killed process, or a power cut, leaves at most a tail behind the anchor: whole records (they are kept, their code
//! proves them ours) and then, maybe, a torn line. The torn tail was never acknowledged to anybody. It is kept in a
//! file of its own, and the next record tells of it. Anything else is no crash, and the log is not opened: to go on
//! writing would bury the evidence.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::super::config::AuditConfig;
use super::super::lines::{End, first_moment, record_before, walk};
use super::*;
use crate::clock::Timestamp;

impl Journal {
    /// Opens the log, or begins one, and gives the records that tell what was found.
    ///
    /// # Errors
    /// A log that somebody else holds, or that does not end as its anchor says.
    pub fn open(config: &AuditConfig, now: Timestamp) -> Result<(Self, Vec<Event>), AuditError> {
        let files = AuditFiles::of(&config.file);
        fs::create_dir_all(files.folder())?;
        let lock = take_lock(&files)?;
        let (head, mut notes) = read_or_begin(&files, &config.key, now)?;
        let reach = Reach {
            place: head.last,
            bytes: head.bytes,
        };
        let mut journal = Self {
            files,
            key: config.key.clone(),
            keep: config.keep,
            file: None,
            written: reach,
            durable: reach,
            anchored: Some(reach),
            leftover: reach.bytes,
            month: None,
            checkpoint: head.checkpoint,
            looked: None,
            _lock: lock,
        };
        journal.finish_rotation()?;
        journal.check_anchor()?;
        notes.extend(journal.take_tail(now)?);
        notes.push(Event::note(now, "audit.opened"));
        Ok((journal, notes))
    }

    /// A month was closed, and the process ended before the anchor said so.
    fn finish_rotation(&mut self) -> Result<(), AuditError> {
        let current = self.files.current();
        if self.durable.bytes == 0 || current.exists() {
            return Ok(());
        }
        let closed = self.files.closed()?.pop();
        let found = closed.map_or(0, |closed| {
            fs::metadata(closed.path).map_or(0, |data| data.len())
        });
        if found != self.durable.bytes {
            return Err(AuditError::Cut {
                file: current.to_owned(),
                expected: self.durable.bytes,
                found: 0,
            });
        }
        self.durable.bytes = 0;
        self.written = self.durable;
        self.leftover = 0;
        Ok(())
    }

    fn check_anchor(&self) -> Result<(), AuditError> {
        let Reach { place, bytes } = self.durable;
        if bytes == 0 {
            return Ok(());
        }
        let file = self.files.current().to_owned();
        let found = fs::metadata(&file)?.len();
        if found < bytes {
            let expected = bytes;
            return Err(AuditError::Cut {
                file,
                expected,
                found,
            });
        }
        let damage = match record_before(&file, bytes, &self.key)? {
            Ok(record) if record.place == place => return Ok(()),
            Ok(_) => Damage::Unlinked,
            Err(damage) => damage,
        };
        Err(AuditError::Damaged { file, damage })
    }

    /// Takes in what stands behind the anchor.
    fn take_tail(&mut self, now: Timestamp) -> Result<Option<Event>, AuditError> {
        let path = self.files.current().to_owned();
        if !path.exists() {
            return Ok(None);
        }
        let anchored = self.durable;
        let (walked, end) = walk(&path, anchored.bytes, anchored.place, &self.key, |_| Ok(()))?;
        self.durable = Reach {
            place: walked.place,
            bytes: walked.bytes,
        };
        let what = match end {
            End::Clean => None,
            End::Torn { .. } => Some("a torn line".to_owned()),
            End::Damaged(damage) => Some(format!("lines that were never acknowledged ({damage})")),
        };
        let note = match what {
            None => None,
            Some(what) => {
                let cut = self.cut_tail(&path)?;
                let text = format!("{what} of {cut} bytes was cut off behind the last good record");
                tracing::warn!(file = %path.display(), text, "the audit log was mended");
                Some(Event::note(now, "audit.recovered").reason(text))
            }
        };
        self.written = self.durable;
        self.leftover = self.durable.bytes;
        self.month = first_moment(&path, &self.key)?.map(month);
        Ok(note)
    }

    /// Moves what is behind the last good record into a file of its own; how many bytes.
    fn cut_tail(&self, path: &Path) -> Result<u64, AuditError> {
        let keep = self.durable.bytes;
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(keep))?;
        file.read_to_end(&mut tail)?;
        let aside = self.files.cut(self.durable.place.sequence);
        let mut copy = OpenOptions::new().append(true).create(true).open(aside)?;
        copy.write_all(&tail)?;
        copy.sync_all()?;
        file.set_len(keep)?;
        file.sync_all()?;
        Ok(tail.len() as u64)
    }
}

fn take_lock(files: &AuditFiles) -> Result<File, AuditError> {
    let path = files.lock();
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(AuditError::InUse(files.current().to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Without an anchor there must be no records either: then a chain begins, and its first record says so.
fn read_or_begin(
    files: &AuditFiles,
    key: &AuditKey,
    now: Timestamp,
) -> Result<(Head, Vec<Event>), AuditError> {
    let path = files.head();
    let fault = match Head::read(&path, key) {
        Ok(head) => return Ok((head, Vec::new())),
        Err(HeadFault::Missing) if is_empty(files)? => {
            let head = Head::beginning();
            head.write(&path, key)?;
            tracing::warn!(file = %files.current().display(), "a new audit log begins here");
            return Ok((head, vec![Event::note(now, "audit.begun")]));
        }
        Err(fault) => fault,
    };
    Err(AuditError::Head { file: path, fault })
}

fn is_empty(files: &AuditFiles) -> Result<bool, AuditError> {
    let length = match fs::metadata(files.current()) {
        Ok(data) => data.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => 0,
        Err(error) => return Err(error.into()),
    };
    Ok(length == 0 && files.closed()?.is_empty())
}
