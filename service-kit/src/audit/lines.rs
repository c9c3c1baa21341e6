//! Walks along the chain in one file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek, SeekFrom};
use std::path::Path;

use super::chain::{self, AuditKey, Damage, Place};
use crate::clock::Timestamp;

/// Our longest record has some 2 KiB.
const LONGEST_LINE: u64 = 16 * 1024;

/// Where a walk has come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walked {
    pub place: Place,
    /// Of the last record.
    pub at: Option<Timestamp>,
    /// Of the first record of this walk.
    pub begun: Option<Timestamp>,
    /// Whole, good lines.
    pub lines: u64,
    /// The file's length up to the last good line.
    pub bytes: u64,
}

#[derive(Debug)]
pub(super) enum End {
    Clean,
    /// The file ends in the middle of a line.
    Torn {
        bytes: u64,
    },
    /// The line after the last good one.
    Damaged(Damage),
}

/// Goes on from `from`, at byte `offset` of the file, to the first line that is not the next record, or to the end.
pub(super) fn walk(
    path: &Path,
    offset: u64,
    from: Place,
    key: &AuditKey,
    mut seen: impl FnMut(Place) -> Result<(), Damage>,
) -> io::Result<(Walked, End)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut walked = Walked {
        place: from,
        at: None,
        begun: None,
        lines: 0,
        bytes: offset,
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok((walked, End::Clean));
        }
        if line.pop() != Some(b'\n') {
            let longer = !reader.fill_buf()?.is_empty();
            let bytes = read as u64;
            let end = if longer {
                End::Damaged(Damage::NotARecord)
            } else {
                End::Torn { bytes }
            };
            return Ok((walked, end));
        }
        let record = chain::read(key, &line).and_then(|record| {
            record.follows(walked.place)?;
            seen(record.place)?;
            Ok(record)
        });
        match record {
            Ok(record) => {
                walked.place = record.place;
                walked.at = Some(record.at);
                walked.begun = walked.begun.or(Some(record.at));
                walked.lines += 1;
                walked.bytes += read as u64;
            }
            Err(damage) => return Ok((walked, End::Damaged(damage))),
        }
    }
}

/// The record whose line feed is the byte before `end`.
pub(super) fn record_before(
    path: &Path,
    end: u64,
    key: &AuditKey,
) -> io::Result<Result<chain::Read, Damage>> {
    let mut file = File::open(path)?;
    let start = end.saturating_sub(LONGEST_LINE);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(end - start).read_to_end(&mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(Err(Damage::NotARecord));
    }
    let begins = bytes.iter().rposition(|byte| *byte == b'\n');
    Ok(chain::read(key, &bytes[begins.map_or(0, |at| at + 1)..]))
}

/// When the first record of a file was written.
pub(super) fn first_moment(path: &Path, key: &AuditKey) -> io::Result<Option<Timestamp>> {
    let mut line = Vec::new();
    let file = File::open(path)?.take(LONGEST_LINE);
    BufReader::new(file).read_until(b'\n', &mut line)?;
    line.pop();
    Ok(chain::read(key, &line).ok().map(|record| record.at))
}
