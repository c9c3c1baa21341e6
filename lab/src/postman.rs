//! What Postman is given: the collection, made from the short files of `postman/`, and this machine's environment.
//!
//! The collection in git is 6,000 lines of JSON that nobody could review; its sources are one TOML file a folder. A test
//! compares the two, and `cargo lab postman --collection` writes the collection anew.

pub mod collection;
mod environment;
mod scripts;
mod source;

use std::io;
use std::path::{Path, PathBuf};

pub use environment::{Machine, environment};

/// The collection and its sources, in the workspace.
#[derive(Debug, Clone)]
pub struct PostmanFolder(PathBuf);

impl PostmanFolder {
    pub fn of(workspace: &Path) -> Self {
        Self(workspace.join("postman"))
    }

    pub fn collection(&self) -> PathBuf {
        self.0.join("escale.postman_collection.json")
    }

    /// Without a password: for who fills it in by hand.
    pub fn environment(&self) -> PathBuf {
        self.0.join("escale.postman_environment.json")
    }

    /// Both files as they should be.
    ///
    /// # Errors
    /// A source that is missing, or is not what it should be (`InvalidData`, with its name).
    pub fn made(&self) -> io::Result<[(PathBuf, String); 2]> {
        let collection = collection::collection(&source::read(&self.0)?);
        let empty = environment(&Machine::nobodys());
        Ok([
            (self.collection(), pretty(&collection)),
            (self.environment(), pretty(&empty)),
        ])
    }
}

/// JSON as it is kept in a file.
pub fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
