//! `docs/security.md` and its French twin: what is asked of the platform, which file answers, which test proves it.
//!
//! The rows stand in `docs/coverage.toml`. The proof of a row stands above the test that gives it, as a line of its
//! documentation, `Proves:` with the ids of rows, so that a test that goes takes its claim with it. The pages are made
//! of both by `cargo run -p escale-coverage`; a test makes them again and compares.

mod faults;
mod page;
mod sources;
mod table;
mod tags;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub use page::Tongue;
pub use table::{Row, Section, Table};
pub use tags::Proof;

/// The command that a failing test names.
pub const COMMAND: &str = "cargo run -p escale-coverage";

/// The rows, and the tests that prove them.
#[derive(Debug)]
pub struct Coverage {
    pub table: Table,
    /// By the row's id.
    proofs: BTreeMap<String, Vec<Proof>>,
    /// Whatever keeps the pages from being true.
    faults: Vec<String>,
}

impl Coverage {
    /// Reads the table, every tag and every lab's card below this folder.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let table = Table::read(root)?;
        let labs = table::Labs::read(root)?;
        let mut proofs: BTreeMap<String, Vec<Proof>> = BTreeMap::new();
        let mut faults = Vec::new();
        for (file, text) in sources::below(root)? {
            let found = tags::in_file(&file, &text);
            faults.extend(found.faults);
            for (ids, proof) in found.tags {
                for id in ids {
                    proofs.entry(id).or_default().push(proof.clone());
                }
            }
        }
        faults.extend(faults::of(&table, &proofs, &labs, root));
        Ok(Self {
            table,
            proofs,
            faults,
        })
    }

    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// In the order of their files.
    pub fn proofs_of(&self, id: &str) -> &[Proof] {
        self.proofs.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The repository, as it was when this was compiled.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Writes both pages; gives those that were changed.
pub fn write(coverage: &Coverage, root: &Path) -> io::Result<Vec<&'static str>> {
    let mut changed = Vec::new();
    for tongue in Tongue::BOTH {
        let (path, page) = (root.join(tongue.path()), page::of(coverage, tongue));
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&page) {
            std::fs::write(&path, page)?;
            changed.push(tongue.path());
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_a_test_or_a_reason_and_each_tag_a_row() {
        let coverage = Coverage::read(&root()).expect("the table and the sources");
        assert!(
            coverage.faults().is_empty(),
            "{}",
            coverage.faults().join("\n")
        );
    }

    #[test]
    fn the_pages_say_what_the_tags_say() {
        let coverage = Coverage::read(&root()).expect("the table and the sources");
        for tongue in Tongue::BOTH {
            let page = std::fs::read_to_string(root().join(tongue.path())).expect("a page");
            // As git may check it out on Windows.
            let same = page.replace("\r\n", "\n") == page::of(&coverage, tongue);
            assert!(
                same,
                "{} is not what the tags say; write it by: {COMMAND}",
                tongue.path()
            );
        }
    }
}
