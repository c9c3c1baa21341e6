//! Reads the whole log and says whether it is whole: nothing changed, removed, added, or cut off.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::chain::{AuditKey, Damage, Place};
use super::files::AuditFiles;
use super::head::Head;
pub use super::head::HeadFault;
use super::lines::{End, Walked, walk};

/// A log that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How many records were read.
    pub records: u64,
    /// How many were pruned before them.
    pub pruned: u64,
    /// The last record's number.
    pub last: u64,
    /// How many of them the anchor does not name yet: the gateway runs, or was killed.
    pub unanchored: u64,
    /// The bytes of a line that the end of the gateway, or this very moment, has cut in two.
    pub torn: u64,
}

/// What is wrong with a log, and where.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    #[error("{file}, line {line}: {damage}", file = .file.display())]
    Line {
        file: PathBuf,
        /// Counted from 1.
        line: u64,
        damage: Damage,
    },
    #[error("{file}, after line {lines}: the log ends at record {found}, and its anchor knows of {expected}", file = .file.display())]
    Truncated {
        file: PathBuf,
        lines: u64,
        found: u64,
        expected: u64,
    },
    #[error("{file}, line {line}: the record is not the one that the anchor names", file = .file.display())]
    NotAnchored { file: PathBuf, line: u64 },
    #[error("the anchor {file}: {fault}", file = .file.display())]
    Head { file: PathBuf, fault: HeadFault },
    #[error("{file} cannot be read ({error})", file = .file.display())]
    Unreadable { file: PathBuf, error: io::Error },
}

/// `file` is the current file; the closed months and the anchor are found beside it.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(file: &Path, key: &AuditKey) -> Result<Verdict, Finding> {
    let files = AuditFiles::of(file);
    // The anchor first: records that are written meanwhile are then ahead of it, never behind.
    let head = Head::read(&files.head(), key).map_err(|fault| Finding::Head {
        file: files.head(),
        fault,
    })?;
    let mut reading = Reading {
        key,
        head: &head,
        place: head.base(),
        records: 0,
    };
    let closed = files
        .closed()
        .map_err(|error| unreadable(files.folder(), error))?;
    let pruned = head.checkpoint.as_ref().map(|checkpoint| &checkpoint.month);
    for month in closed
        .iter()
        .filter(|closed| pruned.is_none_or(|pruned| closed.month > *pruned))
    {
        let (walked, end) = reading.read(&month.path)?;
        if let End::Torn { .. } = end {
            return Err(line(&month.path, &walked, Damage::NotARecord));
        }
    }
    let (lines, torn) = match files.current().exists() {
        true => match reading.read(files.current())? {
            (walked, End::Torn { bytes }) => (walked.lines, bytes),
            (walked, _) => (walked.lines, 0),
        },
        false => (0, 0),
    };
    let (found, expected) = (reading.place.sequence, head.last.sequence);
    if found < expected {
        let file = files.current().to_owned();
        return Err(Finding::Truncated {
            file,
            lines,
            found,
            expected,
        });
    }
    Ok(Verdict {
        records: reading.records,
        pruned: head.base().sequence,
        last: found,
        unanchored: found - expected,
        torn,
    })
}

struct Reading<'a> {
    key: &'a AuditKey,
    head: &'a Head,
    place: Place,
    records: u64,
}

impl Reading<'_> {
    fn read(&mut self, path: &Path) -> Result<(Walked, End), Finding> {
        let anchor = self.head.last;
        let mut other = false;
        let seen = |place: Place| {
            other = place.sequence == anchor.sequence && place != anchor;
            if other { Err(Damage::Unlinked) } else { Ok(()) }
        };
        let walked = walk(path, 0, self.place, self.key, seen);
        let (walked, end) = walked.map_err(|error| unreadable(path, error))?;
        if other {
            let file = path.to_owned();
            let line = walked.lines + 1;
            return Err(Finding::NotAnchored { file, line });
        }
        if let End::Damaged(damage) = end {
            return Err(line(path, &walked, damage));
        }
        self.place = walked.place;
        self.records += walked.lines;
        Ok((walked, end))
    }
}

fn line(path: &Path, walked: &Walked, damage: Damage) -> Finding {
    Finding::Line {
        file: path.to_owned(),
        line: walked.lines + 1,
        damage,
    }
}

fn unreadable(path: &Path, error: io::Error) -> Finding {
    Finding::Unreadable {
        file: path.to_owned(),
        error,
    }
}
