//! What goes on between two HTTP/2 peers, seen from outside: who asks for work, who is waited for, since when.
//!
//! `h2` refuses what breaks the protocol. What is here keeps to it and costs the server more than the peer: frames that
//! carry nothing (CVE-2019-9512, -9515, -9518), streams opened and reset (CVE-2023-44487), a header block without an end
//! (CVE-2024-27316), answers that are asked for and not taken (CVE-2019-9511, -9517), a connection that pings for ever.
//! `h2` counts some of these; its limits are about one cause each, and this one is about what all of them share.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Fault;
use super::frames::{CONTINUATION, DATA, Frame, Frames, HEADERS, RST_STREAM};

pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// So many frames that carry nothing at once, and so many a second. A browser that cancels a page full of images
/// sends some dozens.
const MOST_EMPTY: f64 = 1_000.0;
const EMPTY_A_SECOND: f64 = 50.0;
/// Window updates answer data: each piece of an answer may be answered with two.
const EARNED_BY_DATA: f64 = 2.0;
/// A header block as it is sent, compressed. The list that it stands for has a limit of its own.
const LONGEST_BLOCK: usize = 64 * 1024;
/// Open at one time, in the middle of being refused included; the limit that the peer is told is 256.
const MOST_STREAMS: usize = 1_024;

/// How long each side of it may take.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Patience {
    /// For the preface, a header block, any frame but data: from the first byte to the last.
    pub(in crate::server) header: Duration,
    /// Between two pieces of an answer that is there to be taken.
    pub(in crate::server) write: Duration,
    /// With no request running.
    pub(in crate::server) idle: Duration,
    /// A service of ours: many callers share its connection, so what it cancels and how slowly it reads is not one
    /// caller's doing, and ending the connection would end the others' requests. It may also stay idle.
    pub(in crate::server) trusted: bool,
}

#[derive(Debug)]
pub(super) struct Conversation {
    patience: Patience,
    /// Bytes of the preface that have come.
    preface: usize,
    received: Frames,
    sent: Frames,
    /// Open streams; with the moment of its last piece where the answer has begun.
    streams: HashMap<u32, Option<Instant>>,
    highest: u32,
    /// Bytes of the header block that is open.
    block: Option<usize>,
    /// Since when something is begun and not whole.
    begun: Option<Instant>,
    idle_since: Instant,
    allowance: f64,
    counted: Instant,
}

impl Conversation {
    pub(super) fn new(patience: Patience, now: Instant) -> Self {
        Self {
            patience,
            preface: 0,
            received: Frames::default(),
            sent: Frames::default(),
            streams: HashMap::new(),
            highest: 0,
            block: None,
            begun: Some(now),
            idle_since: now,
            allowance: MOST_EMPTY,
            counted: now,
        }
    }

    pub(super) fn receive(&mut self, mut bytes: &[u8], now: Instant) -> Result<(), Fault> {
        self.take_preface(&mut bytes)?;
        while !bytes.is_empty() {
            if let Some(frame) = self.received.next(&mut bytes) {
                self.begun = None;
                self.note_received(frame, now)?;
            }
        }
        let unfinished =
            self.preface < PREFACE.len() || self.block.is_some() || self.received.is_in_a_frame();
        self.begun = unfinished.then(|| self.begun.unwrap_or(now));
        Ok(())
    }

    /// hyper would take anything else for HTTP/1.1, past the strict reading of it.
    fn take_preface(&mut self, bytes: &mut &[u8]) -> Result<(), Fault> {
        let expected = &PREFACE[self.preface..];
        let taken = expected.len().min(bytes.len());
        if expected[..taken] != bytes[..taken] {
            return Err(Fault::NoPreface);
        }
        self.preface += taken;
        *bytes = &bytes[taken..];
        Ok(())
    }

    pub(super) fn send(&mut self, mut bytes: &[u8], now: Instant) {
        while !bytes.is_empty() {
            if let Some(frame) = self.sent.next(&mut bytes) {
                self.note_sent(frame, now);
            }
        }
    }

    fn note_received(&mut self, frame: Frame, now: Instant) -> Result<(), Fault> {
        let block = match frame.kind {
            HEADERS => Some(frame.length),
            CONTINUATION => self.block.map(|block| block + frame.length),
            _ => None,
        };
        if block.is_some_and(|block| block > LONGEST_BLOCK) {
            return Err(Fault::HeadTooLong);
        }
        self.block = block.filter(|_| !frame.ends_headers());
        match frame.kind {
            HEADERS => self.open(frame.stream),
            RST_STREAM => self.close(frame.stream, now),
            _ => {}
        }
        if carries_nothing(frame) {
            self.spend(now)?;
        }
        if self.streams.len() > MOST_STREAMS {
            return Err(Fault::Flood);
        }
        Ok(())
    }

    fn open(&mut self, stream: u32) {
        if stream > self.highest {
            self.highest = stream;
            self.streams.insert(stream, None);
        }
    }

    fn close(&mut self, stream: u32, now: Instant) {
        if self.streams.remove(&stream).is_some() && self.streams.is_empty() {
            self.idle_since = now;
        }
    }

    fn spend(&mut self, now: Instant) -> Result<(), Fault> {
        let passed = now.saturating_duration_since(self.counted).as_secs_f64();
        self.counted = now;
        self.earn(passed * EMPTY_A_SECOND);
        self.allowance -= 1.0;
        if self.allowance < 0.0 && !self.patience.trusted {
            return Err(Fault::Flood);
        }
        Ok(())
    }

    fn earn(&mut self, frames: f64) {
        self.allowance = (self.allowance + frames).min(MOST_EMPTY);
    }

    fn note_sent(&mut self, frame: Frame, now: Instant) {
        if frame.kind == DATA && frame.length > 0 {
            self.earn(EARNED_BY_DATA);
        }
        if frame.kind == RST_STREAM || frame.ends_stream() {
            self.close(frame.stream, now);
        } else if matches!(frame.kind, DATA | HEADERS)
            && let Some(moved) = self.streams.get_mut(&frame.stream)
        {
            *moved = Some(now);
        }
    }

    /// When patience ends if nothing moves until then, and with what.
    pub(super) fn deadline(&self) -> Option<(Instant, Fault)> {
        let begun = self
            .begun
            .map(|since| (since + self.patience.header, Fault::SlowHead));
        if self.patience.trusted {
            return begun;
        }
        let unread = self.streams.values().flatten().min();
        let unread = unread.map(|since| (*since + self.patience.write, Fault::UnreadAnswer));
        let idle = (self.idle_since + self.patience.idle, Fault::Idle);
        let idle = self.streams.is_empty().then_some(idle);
        let known = [begun, unread, idle].into_iter().flatten();
        known.min_by_key(|(end, _)| *end)
    }
}

fn carries_nothing(frame: Frame) -> bool {
    match frame.kind {
        HEADERS => false,
        DATA => frame.length == 0 && !frame.ends_stream(),
        _ => !frame.is_ack(),
    }
}

#[cfg(test)]
mod tests;
