//! `audit`: whether the audit log is whole, and what it holds.

mod show;
mod verify;

use std::path::{Path, PathBuf};

use crate::cli::gateway::AuditVerb;
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::texts::audit as texts;

pub fn run(verb: &AuditVerb, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    match verb {
        AuditVerb::Verify { file } => {
            let file = existing(file.as_ref(), &layout, console)?;
            verify::run(&file, &layout, console)
        }
        AuditVerb::Show(wanted) => {
            let file = existing(wanted.file.as_ref(), &layout, console)?;
            show::run(&file, wanted, console)
        }
    }
}

/// The file that was named, or this home's. A log whose current file is gone still has its anchor or its months, which
/// is for `verify` to judge.
fn existing(
    named: Option<&PathBuf>,
    layout: &Layout,
    console: &Console,
) -> Result<PathBuf, Refusal> {
    let file = named.cloned().unwrap_or_else(|| layout.audit_file());
    if is_there(&file) {
        return Ok(file);
    }
    let text = console.text(&texts::NO_LOG, &[("file", &file.display())]);
    Err(Refusal::Check(text))
}

fn is_there(file: &Path) -> bool {
    let files = service_kit::audit::AuditFiles::of(file);
    let months = files.closed().is_ok_and(|closed| !closed.is_empty());
    file.exists() || files.head().exists() || months
}
