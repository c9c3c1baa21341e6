//! Writes `docs/security.md` and `docs/security.fr.md`. Nothing is written while a tag or a row is wrong.

use std::process::ExitCode;

use anyhow::Result;
use escale_coverage::{Coverage, root, write};

fn main() -> Result<ExitCode> {
    let root = root();
    let coverage = Coverage::read(&root)?;
    for fault in coverage.faults() {
        eprintln!("{fault}");
    }
    if !coverage.faults().is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    for path in write(&coverage, &root)? {
        println!("{path}");
    }
    Ok(ExitCode::SUCCESS)
}
