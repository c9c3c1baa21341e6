//! One fenced block of a page: its language, whether it is run, and if not, why.

use super::fault::Wrong;

/// What a shell reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Sh,
    PowerShell,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Of its first fence, counted from 1.
    pub line: usize,
    /// What stands behind the fence: `sh`, `sh not-run`, `answer`, `powershell`, `text`.
    pub mark: String,
    pub text: String,
    /// The paragraph or comment directly above it; nothing where another block stands there.
    pub above: String,
    /// How many second-level headings stand before it.
    pub section: usize,
}

pub(super) const ANSWER: &str = "answer";
pub(super) const JSON: &str = "json";
pub(super) const NO_END: &str = "a block without end";
const NOT_RUN: &str = " not-run";
/// Shown, and nothing to run.
const DATA: [&str; 10] = [
    "", "text", JSON, "rust", "toml", "yaml", "sql", "http", "mermaid", "markdown",
];
/// Programs whose name at the start of a line makes it a command, whatever the block's mark says.
const PROGRAMS: [&str; 8] = [
    "$", "cargo", "curl", "curl.exe", "docker", "git", "kubectl", "sudo",
];

impl Block {
    /// Of a block of commands.
    pub fn language(&self) -> Option<Language> {
        match self.mark.strip_suffix(NOT_RUN).unwrap_or(&self.mark) {
            "sh" => Some(Language::Sh),
            "powershell" => Some(Language::PowerShell),
            _ => None,
        }
    }

    pub fn is_run(&self) -> bool {
        self.language().is_some() && !self.mark.ends_with(NOT_RUN) && self.comment().is_none()
    }

    /// Why it is not run, where the page says so.
    pub fn reason(&self) -> Option<&str> {
        let visible = || {
            // In both languages of the pages the word begins so.
            let names_tests = self.above.to_lowercase().contains("test");
            names_tests.then_some(self.above.as_str())
        };
        self.comment()
            .or_else(visible)
            .filter(|reason| !reason.is_empty())
    }

    pub(super) fn is_answer(&self) -> bool {
        self.follows() && (self.mark == ANSWER || self.mark == JSON)
    }

    /// Whether nothing but blank lines stands between it and the block before it.
    pub(super) fn follows(&self) -> bool {
        self.above.is_empty()
    }

    pub(super) fn wrong(&self) -> Option<Wrong> {
        if self.mark == NO_END {
            return Some(Wrong::NoEnd);
        }
        if self.language().is_some() {
            return (!self.is_run() && self.reason().is_none()).then_some(Wrong::NoReason);
        }
        if DATA.contains(&self.mark.as_str()) {
            return self.looks_like_commands().then_some(Wrong::CommandsAsText);
        }
        (self.mark != ANSWER).then_some(Wrong::UnknownMark)
    }

    fn looks_like_commands(&self) -> bool {
        let words = self.text.lines().map(|line| line.split(' ').next());
        words.flatten().any(|word| PROGRAMS.contains(&word))
    }

    /// `<!-- not run: why -->`
    fn comment(&self) -> Option<&str> {
        let said = self.above.strip_prefix("<!-- not run:")?;
        said.strip_suffix("-->").map(str::trim)
    }
}
