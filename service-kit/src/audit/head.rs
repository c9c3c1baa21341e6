//! The anchor: how far the log is known to reach, and where it begins since older months were pruned.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::chain::{AuditKey, Hash, Place};
use super::files::sync_folder;

const MAC_KEY: &str = ",\"mac\":\"";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// The last record that is durable.
    pub last: Place,
    /// The length of the current file with that record.
    pub bytes: u64,
    /// What pruning left; none before the first.
    pub checkpoint: Option<Checkpoint>,
}

/// The end of the last month that was pruned. Its hash fixes every record that is gone, and their number is its
/// sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    pub month: String,
    /// How many records the month had.
    pub count: u64,
    pub last: Place,
}

#[derive(Debug, thiserror::Error)]
pub enum HeadFault {
    #[error("it is missing")]
    Missing,
    #[error("it was changed, or belongs to another AUDIT_KEY")]
    Forged,
    #[error("it cannot be read ({0})")]
    Unreadable(#[from] io::Error),
}

impl Head {
    pub fn beginning() -> Self {
        Self {
            last: Place::BEGINNING,
            bytes: 0,
            checkpoint: None,
        }
    }

    /// The place that the oldest kept record follows.
    pub fn base(&self) -> Place {
        let last = self.checkpoint.as_ref().map(|checkpoint| checkpoint.last);
        last.unwrap_or(Place::BEGINNING)
    }

    pub fn read(path: &Path, key: &AuditKey) -> Result<Self, HeadFault> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => HeadFault::Missing,
            ErrorKind::InvalidData => HeadFault::Forged,
            _ => HeadFault::Unreadable(error),
        })?;
        Self::parse(&text, key).ok_or(HeadFault::Forged)
    }

    fn parse(text: &str, key: &AuditKey) -> Option<Self> {
        let (json, rest) = text.rsplit_once(MAC_KEY)?;
        let mac: Hash = rest.strip_suffix("\"}\n")?.parse().ok()?;
        if !key.is_head(json.as_bytes(), mac) {
            return None;
        }
        serde_json::from_str(&format!("{json}}}")).ok()
    }

    /// Whole or not at all: a new file takes the old one's name when it is durable.
    pub fn write(&self, path: &Path, key: &AuditKey) -> io::Result<()> {
        let mut text = serde_json::to_string(self)?;
        text.pop();
        let mac = key.sign_head(text.as_bytes());
        text.push_str(&format!("{MAC_KEY}{mac}\"}}\n"));
        let new = path.with_extension("head-new");
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))
    }
}
