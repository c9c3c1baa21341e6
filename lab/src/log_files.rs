//! The log files of the services, and what is shown of them while the platform runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

/// A log that is longer than this when its service starts is set aside as `<name>.log.1`.
const LONGEST: u64 = 10 * 1024 * 1024;

/// Lines that wait to be shown. When the terminal is slower than the services, the rest is in the files only: a
/// service never waits for a terminal.
pub const WAITING_LINES: usize = 10_000;

/// A line and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub source: String,
    pub text: String,
}

/// A service's log. Clones write to the same file.
#[derive(Clone)]
pub struct LogWriter {
    source: String,
    file: Arc<Mutex<File>>,
    shown: Option<mpsc::Sender<Line>>,
}

impl LogWriter {
    /// Opens the log for adding to it, and gives its length so far.
    pub fn open(
        path: &Path,
        source: &str,
        shown: Option<mpsc::Sender<Line>>,
    ) -> io::Result<(Self, u64)> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if std::fs::metadata(path).is_ok_and(|log| log.len() > LONGEST) {
            std::fs::rename(path, path.with_extension("log.1"))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let length = file.metadata()?.len();
        let writer = Self {
            source: source.to_owned(),
            file: Arc::new(Mutex::new(file)),
            shown,
        };
        Ok((writer, length))
    }

    /// Writes whole lines, at once, and shows them. A full disk stops neither the service nor what is shown.
    pub fn write(&self, lines: &[String]) {
        let text = lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        let _ = self
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(text.as_bytes());
        let Some(shown) = &self.shown else { return };
        for line in lines {
            // Full: see WAITING_LINES.
            let _ = shown.try_send(Line {
                source: self.source.clone(),
                text: line.clone(),
            });
        }
    }
}

/// The last `count` lines that were added to the log from `offset` on.
pub fn tail(path: &Path, offset: u64, count: usize) -> Vec<String> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(count)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_holds_only_what_this_start_wrote() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("logs/auth.log");
        let (first, offset) = LogWriter::open(&path, "auth", None).expect("a log");
        assert_eq!(offset, 0);
        first.write(&["old".to_owned()]);
        let (second, offset) = LogWriter::open(&path, "auth", None).expect("the log again");
        second.write(&["one".to_owned(), "two".to_owned(), "three".to_owned()]);
        assert_eq!(tail(&path, offset, 2), ["two", "three"]);
        assert_eq!(tail(&path, offset, 9), ["one", "two", "three"]);
        assert!(tail(&folder.path().join("none"), 0, 9).is_empty());
    }

    #[test]
    fn a_slow_terminal_loses_lines_and_the_file_loses_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("bank.log");
        let (shown, mut lines) = mpsc::channel(1);
        let (writer, _) = LogWriter::open(&path, "bank", Some(shown)).expect("a log");
        writer.write(&["one".to_owned(), "two".to_owned()]);
        assert_eq!(lines.try_recv().map(|line| line.text), Ok("one".to_owned()));
        assert!(lines.try_recv().is_err());
        assert_eq!(tail(&path, 0, 9), ["one", "two"]);
    }
}
