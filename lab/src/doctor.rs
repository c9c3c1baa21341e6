//! What `doctor` looks at, one file a check: each says in plain words what it found and what to do.

mod certificates;
mod clock;
mod compiler;
mod memory;
mod modes;
mod ports;
mod rustc;

use std::fmt::Display;

use serde::Serialize;

use crate::console::Console;
use crate::control::client::Found;
use crate::layout::Layout;
use crate::texts::{Text, doctor as texts};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
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
    let checks: [(Text, Check); 7] = [
        (texts::RUSTC, rustc::check),
        (texts::COMPILER, compiler::check),
        (texts::PORTS, ports::check),
        (texts::CLOCK, clock::check),
        (texts::CERTIFICATES, certificates::check),
        (texts::MODES, modes::check),
        (texts::MEMORY, memory::check),
    ];
    checks
        .into_iter()
        .map(|(name, check)| {
            let (verdict, detail) = check(patient);
            Finding {
                check: patient.say(&name, &[]),
                verdict,
                detail,
            }
        })
        .collect()
}

/// One line that says it all: a teacher collects it from a whole room.
pub fn summary(findings: &[Finding]) -> String {
    let count = |verdict| {
        findings
            .iter()
            .filter(|finding| finding.verdict == verdict)
            .count()
    };
    let bad = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Bad);
    let bad: Vec<_> = bad.map(|finding| finding.check.as_str()).collect();
    format!(
        "escale-doctor v{} {}/{} good={} warning={} bad={} [{}]",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        count(Verdict::Good),
        count(Verdict::Warning),
        count(Verdict::Bad),
        bad.join(", "),
    )
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

    #[test]
    fn the_summary_is_one_line_with_the_names_of_what_is_wrong() {
        let finding = |check: &str, verdict| Finding {
            check: check.to_owned(),
            verdict,
            detail: "two\nlines".to_owned(),
        };
        let line = summary(&[
            finding("clock", Verdict::Bad),
            finding("ports", Verdict::Good),
        ]);
        assert!(line.ends_with("good=1 warning=0 bad=1 [clock]"), "{line}");
        assert!(!line.contains('\n'));
    }
}
