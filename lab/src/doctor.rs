//! What `doctor` looks at, one file a check: each says in plain words what it found and what to do.

mod card;
mod certificates;
mod clock;
mod compiler;
mod disk;
mod git;
mod memory;
mod modes;
mod ports;
mod rustc;

pub use card::Card;

use std::fmt::Display;

use serde::Serialize;

use crate::console::Console;
use crate::control::client::Found;
use crate::layout::Layout;
use crate::texts::{Text, doctor as texts};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The same in every language.
    pub id: &'static str,
    pub check: String,
    pub verdict: Verdict,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Good,
    /// It works, but not for long, or not well.
    Warning,
    Bad,
}

/// What the checks may look at.
pub struct Patient<'a> {
    pub layout: &'a Layout,
    pub console: &'a Console,
    /// The running platform.
    pub found: Option<&'a Found>,
}

type Check = fn(&Patient<'_>) -> (Verdict, String);

/// Every check, in the order in which they are shown.
pub fn examine(patient: &Patient<'_>) -> Vec<Finding> {
    let checks: [(&'static str, Text, Check); 9] = [
        ("rustc", texts::RUSTC, rustc::check),
        ("compiler", texts::COMPILER, compiler::check),
        ("git", texts::GIT, git::check),
        ("ports", texts::PORTS, ports::check),
        ("clock", texts::CLOCK, clock::check),
        ("certificates", texts::CERTIFICATES, certificates::check),
        ("modes", texts::MODES, modes::check),
        ("memory", texts::MEMORY, memory::check),
        ("disk", texts::DISK, disk::check),
    ];
    checks
        .into_iter()
        .map(|(id, name, check)| {
            let (verdict, detail) = check(patient);
            Finding {
                id,
                check: patient.say(&name, &[]),
                verdict,
                detail,
            }
        })
        .collect()
}

impl Patient<'_> {
    fn say(&self, text: &Text, values: &[(&str, &dyn Display)]) -> String {
        self.console.text(text, values)
    }

    fn fine(&self) -> (Verdict, String) {
        (Verdict::Good, self.say(&texts::FINE, &[]))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::texts::Lang;

    const CONSOLE: Console = Console {
        lang: Lang::En,
        json: true,
        color: false,
        progress: false,
    };

    /// A home of its own, with nothing in it yet.
    pub(super) struct Home {
        pub(super) layout: Layout,
        _folder: TempDir,
    }

    impl Home {
        pub(super) fn empty() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            Self {
                layout: Layout::at(folder.path()),
                _folder: folder,
            }
        }

        /// This home with nothing running.
        pub(super) fn patient(&self) -> Patient<'_> {
            Patient {
                layout: &self.layout,
                console: &CONSOLE,
                found: None,
            }
        }
    }
}
