//! Reads the bytes of an HTTP/1.1 connection, one request behind the other, and lets through what has one meaning.
//!
//! A head is held back until it is whole and sound. A body streams through, and is measured: its end is where the next
//! head begins. Nothing here does any input or output, so that it can be tried with every cut of every input.

use bytes::BytesMut;

use super::Fault;
use super::chunks::Chunks;
use super::head::{self, Framing};
use super::lines::{Ended, Lines};

/// One connection's requests. After a fault it lets nothing through any more.
#[derive(Debug, Default)]
pub struct Requests {
    place: Place,
    /// The head so far, and where its headers begin.
    held: Vec<u8>,
    fields: usize,
    begun: u64,
}

#[derive(Debug)]
enum Place {
    Head(Lines),
    Length(u64),
    Chunks(Box<Chunks>),
    Refused { in_a_head: bool },
}

impl Default for Place {
    fn default() -> Self {
        Self::Head(Lines::default())
    }
}

impl Requests {
    /// Adds to `ready` what may go on.
    ///
    /// # Errors
    /// The [`Fault`] that ends the connection; `ready` holds everything that came before it.
    pub fn take(&mut self, mut input: &[u8], ready: &mut BytesMut) -> Result<(), Fault> {
        while !input.is_empty() {
            match self.take_some(input, ready) {
                Ok(used) => input = &input[used..],
                Err(fault) => {
                    self.refuse();
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// How much of a body of known length is still to come: that much needs no look.
    pub fn unread_length(&self) -> Option<u64> {
        match self.place {
            Place::Length(left) => Some(left),
            _ => None,
        }
    }

    /// The same, for what was read without [`Requests::take`].
    pub(super) fn passed_by(&mut self, length: u64) {
        if let Place::Length(left) = &mut self.place {
            *left = left.saturating_sub(length);
            if *left == 0 {
                self.place = Place::default();
            }
        }
    }

    /// A head has begun and is not whole.
    pub fn is_in_a_head(&self) -> bool {
        matches!(self.place, Place::Head(_)) && !self.held.is_empty()
    }

    /// What came of the head that is under way, or that was refused.
    pub(super) fn held(&self) -> &[u8] {
        &self.held
    }

    /// How many heads were let through.
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// Nothing is let through from here on.
    pub(super) fn refuse(&mut self) {
        let in_a_head = matches!(self.place, Place::Head(_));
        self.place = Place::Refused { in_a_head };
    }

    pub fn is_refused(&self) -> bool {
        matches!(self.place, Place::Refused { .. })
    }

    /// The fault was in a head, so that its request has not begun.
    pub(super) fn is_refused_in_a_head(&self) -> bool {
        matches!(self.place, Place::Refused { in_a_head: true })
    }

    fn take_some(&mut self, input: &[u8], ready: &mut BytesMut) -> Result<usize, Fault> {
        let used = match &mut self.place {
            Place::Head(_) => return self.take_head(input, ready),
            Place::Refused { .. } => return Ok(input.len()),
            Place::Length(left) => {
                let used = usize::try_from(*left).map_or(input.len(), |left| left.min(input.len()));
                ready.extend_from_slice(&input[..used]);
                *left -= used as u64;
                used
            }
            Place::Chunks(chunks) => chunks.take(input, ready)?,
        };
        let done = match &self.place {
            Place::Length(left) => *left == 0,
            Place::Chunks(chunks) => chunks.is_done(),
            Place::Head(_) | Place::Refused { .. } => false,
        };
        if done {
            self.place = Place::default();
        }
        Ok(used)
    }

    fn take_head(&mut self, input: &[u8], ready: &mut BytesMut) -> Result<usize, Fault> {
        let Place::Head(lines) = &mut self.place else {
            return Ok(0);
        };
        let mut kept = 0;
        for (at, byte) in input.iter().enumerate() {
            match lines.step(*byte) {
                Ok(Ended::Nothing) => {}
                Ok(ended) => {
                    self.held.extend_from_slice(&input[kept..=at]);
                    kept = at + 1;
                    if ended == Ended::Head {
                        self.end_head(ready)?;
                        return Ok(kept);
                    }
                    head::check_request_line(&self.held[..self.held.len() - 2])?;
                    self.fields = self.held.len();
                }
                Err(fault) => {
                    self.held.extend_from_slice(&input[kept..at]);
                    return Err(fault);
                }
            }
        }
        self.held.extend_from_slice(&input[kept..]);
        Ok(input.len())
    }

    fn end_head(&mut self, ready: &mut BytesMut) -> Result<(), Fault> {
        let fields = &self.held[self.fields..self.held.len() - 2];
        self.place = match head::framing(fields)? {
            Framing::Length(0) => Place::default(),
            Framing::Length(length) => Place::Length(length),
            Framing::Chunked => Place::Chunks(Box::default()),
        };
        ready.extend_from_slice(&self.held);
        self.held.clear();
        self.begun += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
