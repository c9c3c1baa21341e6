//! Finds the frames in the bytes of an HTTP/2 connection (RFC 9113 section 4.1); what is in them passes unread.

/// The nine bytes before each frame.
const HEADER: usize = 9;

pub(super) const DATA: u8 = 0x0;
pub(super) const HEADERS: u8 = 0x1;
pub(super) const RST_STREAM: u8 = 0x3;
pub(super) const SETTINGS: u8 = 0x4;
pub(super) const PING: u8 = 0x6;
pub(super) const CONTINUATION: u8 = 0x9;

const END_STREAM: u8 = 0x1;
const ACK: u8 = 0x1;
const END_HEADERS: u8 = 0x4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
    pub(super) length: usize,
}

impl Frame {
    fn read(header: [u8; HEADER]) -> Self {
        let [l0, l1, l2, kind, flags, s0, s1, s2, s3] = header;
        Self {
            kind,
            flags,
            // The highest bit is reserved.
            stream: u32::from_be_bytes([s0 & 0x7f, s1, s2, s3]),
            length: u32::from_be_bytes([0, l0, l1, l2]) as usize,
        }
    }

    pub(super) fn ends_stream(self) -> bool {
        matches!(self.kind, DATA | HEADERS) && self.flags & END_STREAM != 0
    }

    pub(super) fn ends_headers(self) -> bool {
        matches!(self.kind, HEADERS | CONTINUATION) && self.flags & END_HEADERS != 0
    }

    pub(super) fn is_ack(self) -> bool {
        matches!(self.kind, PING | SETTINGS) && self.flags & ACK != 0
    }
}

#[derive(Debug, Default)]
pub(super) struct Frames {
    header: [u8; HEADER],
    known: usize,
    /// What is still to come of the frame that was last told.
    left: usize,
    last: Option<u8>,
}

impl Frames {
    /// Takes bytes off the front of `input`, up to the end of the next frame header or of the input.
    pub(super) fn next(&mut self, input: &mut &[u8]) -> Option<Frame> {
        let skipped = self.left.min(input.len());
        self.left -= skipped;
        *input = &input[skipped..];
        let taken = (HEADER - self.known).min(input.len());
        self.header[self.known..self.known + taken].copy_from_slice(&input[..taken]);
        self.known += taken;
        *input = &input[taken..];
        if self.known < HEADER {
            return None;
        }
        let frame = Frame::read(self.header);
        self.known = 0;
        self.left = frame.length;
        self.last = Some(frame.kind);
        Some(frame)
    }

    /// A frame has begun and is not whole. Of data it does not matter: bodies are paced where they are read.
    pub(super) fn is_in_a_frame(&self) -> bool {
        self.known > 0 || (self.left > 0 && self.last != Some(DATA))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_however_the_bytes_are_cut() {
        let mut wire = Vec::new();
        for (kind, flags, stream, length) in [
            (SETTINGS, 0, 0, 6),
            (HEADERS, 0x5, 1, 20),
            (DATA, 0, 1, 0),
            (DATA, 1, 1, 300),
        ] {
            wire.extend_from_slice(&u32::to_be_bytes(length)[1..]);
            wire.extend_from_slice(&[kind, flags]);
            wire.extend_from_slice(&u32::to_be_bytes(stream | 0x8000_0000));
            wire.resize(wire.len() + length as usize, 0xff);
        }
        for cut in 1..wire.len() {
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            for mut piece in wire.chunks(cut) {
                while let Some(frame) = frames.next(&mut piece) {
                    found.push((frame.kind, frame.stream, frame.length, frame.ends_stream()));
                }
            }
            let expected = [
                (SETTINGS, 0, 6, false),
                (HEADERS, 1, 20, true),
                (DATA, 1, 0, false),
                (DATA, 1, 300, true),
            ];
            assert_eq!(found, expected, "cut every {cut} bytes");
            assert!(!frames.is_in_a_frame());
        }
    }
}
