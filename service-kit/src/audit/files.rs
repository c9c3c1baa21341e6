//! The names of the log's files: all of them are derived from `AUDIT_FILE`.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::clock::Timestamp;

/// `2027-06`: sorts as time does.
pub(super) fn month(at: Timestamp) -> String {
    at.to_string().chars().take(7).collect()
}

/// A month that is written to its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closed {
    pub month: String,
    pub path: PathBuf,
}

#[derive(Debug, Clone)]
pub struct AuditFiles {
    current: PathBuf,
}

impl AuditFiles {
    pub fn of(file: &Path) -> Self {
        Self {
            current: file.to_owned(),
        }
    }

    /// The file that grows.
    pub fn current(&self) -> &Path {
        &self.current
    }

    pub fn head(&self) -> PathBuf {
        self.beside(&format!("{}.head", self.name()))
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.beside(&format!("{}.lock", self.name()))
    }

    /// What was cut off at a start after record `sequence`.
    pub(super) fn cut(&self, sequence: u64) -> PathBuf {
        self.beside(&format!("{}.cut-{sequence}", self.name()))
    }

    pub(super) fn closed_at(&self, month: &str) -> PathBuf {
        let (stem, end) = self.stem_and_end();
        self.beside(&format!("{stem}-{month}{end}"))
    }

    pub(super) fn folder(&self) -> &Path {
        let folder = self.current.parent();
        folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
    }

    /// The closed months, oldest first.
    ///
    /// # Errors
    /// A folder that cannot be read. One that is not there has no closed months.
    pub fn closed(&self) -> io::Result<Vec<Closed>> {
        let entries = match std::fs::read_dir(self.folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let (stem, end) = self.stem_and_end();
        let mut closed = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let rest = name.strip_prefix(&stem);
            let rest = rest.and_then(|rest| rest.strip_prefix('-')?.strip_suffix(&end));
            if let Some(month) = rest.filter(|rest| is_month(rest)) {
                closed.push(Closed {
                    month: month.to_owned(),
                    path: entry.path(),
                });
            }
        }
        closed.sort();
        Ok(closed)
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.current.with_file_name(name)
    }

    fn name(&self) -> String {
        let name = self.current.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn stem_and_end(&self) -> (String, String) {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, end)) if !stem.is_empty() => (stem.to_owned(), format!(".{end}")),
            _ => (name, String::new()),
        }
    }
}

fn is_month(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            4 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Makes a change of names in a folder durable. Windows does so by itself and cannot open folders as files.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
