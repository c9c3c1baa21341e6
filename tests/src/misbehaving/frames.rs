//! Just enough of HTTP/2's frames (RFC 9113 section 4) and of HPACK (RFC 7541) to answer badly.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const ACK_OR_END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;
/// `:status: 200`, the eighth entry of HPACK's static table.
const STATUS_200: u8 = 0x88;
const INTERNAL_ERROR: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Data = 0,
    Headers = 1,
    Reset = 3,
    Settings = 4,
    Ping = 6,
    Continuation = 9,
    Other = 255,
}

#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    flags: u8,
    pub(super) stream: u32,
    payload: Vec<u8>,
}

impl Frame {
    pub(super) fn new(kind: Kind, stream: u32) -> Self {
        Self {
            kind,
            flags: 0,
            stream,
            payload: Vec::new(),
        }
    }

    pub(super) fn head(stream: u32) -> Self {
        Self {
            flags: END_HEADERS,
            payload: vec![STATUS_200],
            ..Self::new(Kind::Headers, stream)
        }
    }

    pub(super) fn data(stream: u32, text: &str) -> Self {
        Self {
            payload: text.as_bytes().to_vec(),
            ..Self::new(Kind::Data, stream)
        }
    }

    pub(super) fn internal_error(stream: u32) -> Self {
        Self {
            payload: INTERNAL_ERROR.to_be_bytes().to_vec(),
            ..Self::new(Kind::Reset, stream)
        }
    }

    pub(super) fn last(mut self) -> Self {
        self.flags |= ACK_OR_END_STREAM;
        self
    }

    pub(super) fn ack(self) -> Self {
        self.last()
    }

    pub(super) fn is_ack(&self) -> bool {
        self.flags & ACK_OR_END_STREAM != 0
    }
}

pub(super) async fn read_preface(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut preface = [0; PREFACE.len()];
    stream.read_exact(&mut preface).await?;
    assert_eq!(preface, PREFACE);
    Ok(())
}

pub(super) async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Frame> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    stream.read_exact(&mut payload).await?;
    let kinds = [
        Kind::Data,
        Kind::Headers,
        Kind::Reset,
        Kind::Settings,
        Kind::Ping,
    ];
    let kind = kinds.into_iter().find(|kind| *kind as u8 == head[3]);
    Ok(Frame {
        kind: kind.unwrap_or(Kind::Other),
        flags: head[4],
        stream: u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]),
        payload,
    })
}

pub(super) async fn write_frame(
    stream: &mut (impl AsyncWrite + Unpin),
    frame: &Frame,
) -> io::Result<()> {
    let length = u32::try_from(frame.payload.len()).expect("a small frame");
    let mut bytes = length.to_be_bytes()[1..].to_vec();
    bytes.extend([frame.kind as u8, frame.flags]);
    bytes.extend(frame.stream.to_be_bytes());
    bytes.extend(&frame.payload);
    stream.write_all(&bytes).await?;
    stream.flush().await
}

/// One status and six headers of 8 kB, in frames of at most 16 kB.
pub(super) async fn write_huge_head(
    stream: &mut (impl AsyncWrite + Unpin),
    id: u32,
) -> io::Result<()> {
    let mut block = vec![STATUS_200];
    for name in [b'a', b'b', b'c', b'd', b'e', b'f'] {
        // A literal without indexing, a name of one letter, a value of 8,000 bytes (RFC 7541 sections 5.1 and 6.2.2):
        // 127 and then 7,873 in groups of seven bits.
        block.extend([0, 1, name, 0x7f, 0xc1, 0x3d]);
        block.extend([b'x'; 8_000]);
    }
    let mut pieces = block.chunks(16_000).peekable();
    let mut kind = Kind::Headers;
    while let Some(piece) = pieces.next() {
        let flags = if pieces.peek().is_some() {
            0
        } else {
            END_HEADERS
        };
        let frame = Frame {
            flags,
            payload: piece.to_vec(),
            ..Frame::new(kind, id)
        };
        write_frame(stream, &frame).await?;
        kind = Kind::Continuation;
    }
    write_frame(stream, &Frame::data(id, "x").last()).await
}
