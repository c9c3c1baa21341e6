//! Follows the framing of a chunked body (RFC 9112 section 7.1) to its end, and forgives nothing in it.
//!
//! The end of a body is the beginning of the next request, so a chunk that two programs measure differently smuggles
//! one: a size with a sign, a space or too many digits, a line that ends in a bare LF, data longer than its size.

use bytes::BytesMut;

use super::Fault;
use super::head::field;

/// 2^60 bytes are enough for a chunk, and cannot overflow.
const MOST_DIGITS: u8 = 15;
/// RFC 9112 section 7.1.1 asks for such a limit: extensions are dropped, and nobody sends them.
const LONGEST_EXTENSION: u16 = 256;
const LONGEST_TRAILERS: usize = 4 * 1024;

#[derive(Debug, Default)]
pub(super) struct Chunks {
    place: Place,
    /// Of this chunk: what its size line says, then what is left of it.
    size: u64,
    digits: u8,
    extension: u16,
    line: Vec<u8>,
    trailers: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Size,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    Trailer,
    TrailerEnd,
    Done,
}

impl Chunks {
    pub(super) fn is_done(&self) -> bool {
        self.place == Place::Done
    }

    /// Hands on what is sound, up to the end of the body or of the input, and says how much that was.
    pub(super) fn take(&mut self, input: &[u8], ready: &mut BytesMut) -> Result<usize, Fault> {
        let mut used = 0;
        while used < input.len() && !self.is_done() {
            let step = match self.place {
                Place::Data => self.take_data(input.len() - used),
                _ => match self.step(input[used]) {
                    Ok(()) => 1,
                    Err(fault) => {
                        ready.extend_from_slice(&input[..used]);
                        return Err(fault);
                    }
                },
            };
            used += step;
        }
        ready.extend_from_slice(&input[..used]);
        Ok(used)
    }

    fn take_data(&mut self, available: usize) -> usize {
        let taken = usize::try_from(self.size).map_or(available, |left| left.min(available));
        self.size -= taken as u64;
        if self.size == 0 {
            self.place = Place::DataCr;
        }
        taken
    }

    fn step(&mut self, byte: u8) -> Result<(), Fault> {
        self.place = match (self.place, byte) {
            (Place::Size, b'\r') if self.digits > 0 => Place::SizeEnd,
            (Place::Size, b';') if self.digits > 0 => Place::Extension,
            (Place::Size, digit) => self.add_digit(digit)?,
            (Place::Extension, b'\r') => Place::SizeEnd,
            (Place::Extension, byte) => self.skip_extension(byte)?,
            (Place::SizeEnd, b'\n') => self.begin_chunk(),
            (Place::DataCr, b'\r') => Place::DataLf,
            (Place::DataLf, b'\n') => Place::Size,
            (Place::Trailer, b'\r') => Place::TrailerEnd,
            (Place::Trailer, byte) => self.add_to_trailer(byte)?,
            (Place::TrailerEnd, b'\n') => self.end_trailer()?,
            _ => return Err(Fault::Chunk),
        };
        Ok(())
    }

    fn add_digit(&mut self, byte: u8) -> Result<Place, Fault> {
        let digit = char::from(byte).to_digit(16).ok_or(Fault::Chunk)?;
        self.digits += 1;
        if self.digits > MOST_DIGITS {
            return Err(Fault::Chunk);
        }
        self.size = self.size * 16 + u64::from(digit);
        Ok(Place::Size)
    }

    fn skip_extension(&mut self, byte: u8) -> Result<Place, Fault> {
        self.extension += 1;
        if self.extension > LONGEST_EXTENSION || (byte.is_ascii_control() && byte != b'\t') {
            return Err(Fault::Chunk);
        }
        Ok(Place::Extension)
    }

    fn begin_chunk(&mut self) -> Place {
        self.digits = 0;
        if self.size == 0 {
            Place::Trailer
        } else {
            Place::Data
        }
    }

    fn add_to_trailer(&mut self, byte: u8) -> Result<Place, Fault> {
        self.trailers += 1;
        if byte == b'\n' || self.trailers > LONGEST_TRAILERS {
            return Err(Fault::Chunk);
        }
        self.line.push(byte);
        Ok(Place::Trailer)
    }

    fn end_trailer(&mut self) -> Result<Place, Fault> {
        if self.line.is_empty() {
            return Ok(Place::Done);
        }
        field(&self.line)?;
        self.line.clear();
        Ok(Place::Trailer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(body: &[u8]) -> Result<(bool, usize), Fault> {
        let (mut chunks, mut ready) = (Chunks::default(), BytesMut::new());
        let used = chunks.take(body, &mut ready)?;
        assert_eq!(&ready[..], &body[..used]);
        Ok((chunks.is_done(), used))
    }

    #[test]
    fn a_sound_body_ends_where_the_next_request_begins() {
        for body in [
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "5;a=\"b\"\r\nhello\r\n000\r\n\r\n",
            "A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n",
        ] {
            let behind = format!("{body}GET");
            assert_eq!(verdict(behind.as_bytes()), Ok((true, body.len())), "{body}");
        }
        assert_eq!(verdict(b"5\r\nhel"), Ok((false, 6)));
    }

    #[test]
    fn a_chunk_that_can_be_measured_in_two_ways_is_refused() {
        for body in [
            "\r\n",
            "5\nhello\r\n0\r\n\r\n",
            "5\r\nhello\n0\r\n\r\n",
            "5\r\nhello0\r\n\r\n",
            "5\r\nhelloo\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n",
            "+5\r\nhello\r\n0\r\n\r\n",
            "-1\r\n",
            " 5\r\nhello\r\n0\r\n\r\n",
            "5 \r\nhello\r\n0\r\n\r\n",
            "5\rXhello\r\n0\r\n\r\n",
            "5;a\nb\r\nhello\r\n0\r\n\r\n",
            "5;a\0\r\nhello\r\n0\r\n\r\n",
            "ffffffffffffffff\r\n",
            "10000000000000005\r\nhello\r\n",
            ";\r\n",
            "0\r\n\n",
            "0\r\nX: a\nY: b\r\n\r\n",
            "0\r\nGET / HTTP/1.1\r\n\r\n",
            "0\r\n X: a\r\n\r\n",
            "0\r\nX : a\r\n\r\n",
        ] {
            assert!(verdict(body.as_bytes()).is_err(), "{body:?}");
        }
        let long = format!("5;{}\r\n", "a".repeat(300));
        assert_eq!(verdict(long.as_bytes()), Err(Fault::Chunk));
        let long = format!("0\r\nX: {}\r\n\r\n", "a".repeat(5_000));
        assert_eq!(verdict(long.as_bytes()), Err(Fault::Chunk));
    }
}
