//! What is wrong with a block of a page: nobody tries it, and it does not say why.

use std::fmt::Display;

use crate::console::Console;
use crate::texts::verify as texts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    UnknownMark,
    AnswerToNothing,
    NoEnd,
    NoReason,
    CommandsAsText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Of the block's first fence.
    pub line: usize,
    pub wrong: Wrong,
}

impl Fault {
    /// In the reader's language, with the page's name.
    pub fn told(self, file: &dyn Display, console: &Console) -> String {
        let text = match self.wrong {
            Wrong::UnknownMark => &texts::UNKNOWN_MARK,
            Wrong::AnswerToNothing => &texts::ANSWER_TO_NOTHING,
            Wrong::NoEnd => &texts::NO_END,
            Wrong::NoReason => &texts::NO_REASON,
            Wrong::CommandsAsText => &texts::COMMANDS_AS_TEXT,
        };
        console.text(text, &[("file", file), ("line", &self.line)])
    }
}
