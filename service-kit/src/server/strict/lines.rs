//! Finds the lines of a request head, a byte at a time: what a head is does not depend on how it was cut into pieces.

use super::Fault;
use super::head::LONGEST_TARGET;

/// A whole head. hyper's own buffer is larger.
pub(super) const LONGEST_HEAD: usize = 32 * 1024;
/// The target, and beside it a method, a version and two spaces.
const LONGEST_REQUEST_LINE: usize = LONGEST_TARGET + 32;

/// What the last byte has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Nothing,
    RequestLine,
    Head,
}

#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Of the head so far, and of its line so far without the line's end.
    head: usize,
    line: usize,
    after_request_line: bool,
    after_cr: bool,
}

impl Lines {
    /// A line ends in CRLF. A bare LF, which RFC 9112 section 2.2 lets a server take for a line end, and a bare CR,
    /// which it lets a server take for a space, are where two servers disagree; so is an empty line before a request.
    pub(super) fn step(&mut self, byte: u8) -> Result<Ended, Fault> {
        self.head += 1;
        if self.after_cr {
            return self.end_line(byte);
        }
        match byte {
            b'\r' => self.after_cr = true,
            b'\n' => return Err(Fault::BareLineEnd),
            _ => self.line += 1,
        }
        if !self.after_request_line && self.line > LONGEST_REQUEST_LINE {
            return Err(Fault::TargetTooLong);
        }
        if self.head > LONGEST_HEAD {
            return Err(Fault::HeadTooLong);
        }
        Ok(Ended::Nothing)
    }

    fn end_line(&mut self, byte: u8) -> Result<Ended, Fault> {
        if byte != b'\n' {
            return Err(Fault::BareLineEnd);
        }
        self.after_cr = false;
        match (
            std::mem::take(&mut self.line),
            std::mem::replace(&mut self.after_request_line, true),
        ) {
            (0, false) => Err(Fault::RequestLine),
            (0, true) => Ok(Ended::Head),
            (_, false) => Ok(Ended::RequestLine),
            (_, true) => Ok(Ended::Nothing),
        }
    }
}
