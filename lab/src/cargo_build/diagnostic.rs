//! One error of the compiler, with its place.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// From the root of the workspace, with the separators of this system; some errors have no place.
    pub file: Option<PathBuf>,
    pub line: u32,
    pub column: u32,
    /// In one line.
    pub text: String,
    /// As the compiler shows it, with the lines of the code.
    pub rendered: String,
}

/// As the compiler tells it.
#[derive(Deserialize)]
pub(super) struct Message {
    level: String,
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: PathBuf,
    line_start: u32,
    column_start: u32,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

/// Where the macro was called whose code is wrong.
#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

impl Diagnostic {
    /// `None` for a warning or a note, and for the closing word on how many errors there were.
    pub(super) fn error(message: Message) -> Option<Self> {
        let is_summary = message.message.starts_with("aborting due to");
        if !message.level.starts_with("error") || is_summary {
            return None;
        }
        let primary = message.spans.into_iter().find(|span| span.is_primary);
        let place = primary.map(Span::written);
        Some(Self {
            line: place.as_ref().map_or(0, |span| span.line_start),
            column: place.as_ref().map_or(0, |span| span.column_start),
            file: place.map(|span| span.file_name),
            rendered: message.rendered.unwrap_or_else(|| message.message.clone()),
            text: message.message,
        })
    }

    pub fn is_in(&self, files: &[PathBuf]) -> bool {
        let file = self.file.as_deref();
        file.is_some_and(|file| files.iter().any(|own| Path::new(own) == file))
    }
}

impl Span {
    /// The place in the learner's own text: a macro's insides may be in another crate.
    fn written(self) -> Self {
        match self.expansion {
            Some(expansion) => expansion.span.written(),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(level: &str, text: &str, spans: serde_json::Value) -> Option<Diagnostic> {
        let message = json!({"level": level, "message": text, "rendered": "shown", "spans": spans});
        Diagnostic::error(serde_json::from_value(message).expect("a message"))
    }

    #[test]
    fn an_error_within_a_macro_is_placed_where_the_macro_was_called() {
        let inside = json!({"file_name": "/rust/library/core/src/macros.rs", "line_start": 1, "column_start": 2,
            "is_primary": true, "expansion": {"span": {"file_name": "gateway/src/a.rs", "line_start": 7,
            "column_start": 9, "is_primary": false, "expansion": null}}});
        let error = told("error", "no", json!([inside])).expect("an error");
        assert_eq!((error.line, error.column), (7, 9));
        assert!(error.is_in(&[PathBuf::from("gateway/src/a.rs")]));
        assert!(!error.is_in(&[PathBuf::from("gateway/src/b.rs")]));
    }

    #[test]
    fn warnings_and_the_closing_word_are_no_errors() {
        assert_eq!(told("warning", "unused", json!([])), None);
        let closing = "aborting due to 1 previous error";
        assert_eq!(told("error", closing, json!([])), None);
        assert!(told("error: internal compiler error", "no", json!([])).is_some());
    }
}
