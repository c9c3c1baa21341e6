//! Why a peer is not listened to any longer: one row a reason, with what it is told.

use crate::error::Code;

/// What is wrong with the way in which something was sent. The text is for the log; the peer reads the code alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    // HTTP/1.1, lines
    #[error("a line ends in a bare CR or a bare LF")]
    BareLineEnd,
    #[error("a header is folded over two lines")]
    FoldedLine,
    #[error("a header has a control character")]
    ControlCharacter,
    #[error("the head is too long")]
    HeadTooLong,
    #[error("the head has too many headers")]
    TooManyHeaders,
    #[error("a line is no header")]
    NoHeader,
    // both versions, what the request is
    #[error("the request line is not three words")]
    RequestLine,
    #[error("the method is unknown")]
    UnknownMethod,
    #[error("CONNECT: this is no proxy")]
    Connect,
    #[error("the target is not a path")]
    Target,
    #[error("the target is too long")]
    TargetTooLong,
    #[error("the version is not HTTP/1.1")]
    Version,
    #[error("no Host")]
    HostMissing,
    #[error("two Hosts, or two that differ")]
    HostTwice,
    #[error("Host is not host:port")]
    HostInvalid,
    #[error("an expectation other than 100-continue")]
    Expectation,
    // both versions, how long the request is
    #[error("Content-Length stands there twice")]
    LengthTwice,
    #[error("Content-Length is not a number")]
    LengthInvalid,
    #[error("Content-Length and Transfer-Encoding")]
    LengthAndCoding,
    #[error("Transfer-Encoding is not exactly chunked")]
    Coding,
    #[error("the chunks are broken")]
    Chunk,
    #[error("the body ended badly")]
    BrokenBody,
    // both versions, patience
    #[error("the head took too long")]
    SlowHead,
    #[error("the body took too long")]
    SlowBody,
    #[error("an answer is not read")]
    UnreadAnswer,
    #[error("no request is running")]
    Idle,
    // HTTP/2 connections
    #[error("h2 was agreed, and something else is spoken")]
    NoPreface,
    #[error("too many frames that carry nothing")]
    Flood,
}

impl Fault {
    /// What the peer is told, where it can still be told something.
    pub fn code(self) -> Code {
        match self {
            Self::HeadTooLong | Self::TooManyHeaders => Code::HeadersTooLarge,
            Self::TargetTooLong => Code::UriTooLong,
            Self::UnknownMethod => Code::MethodNotImplemented,
            Self::Version => Code::VersionNotSupported,
            Self::SlowHead | Self::SlowBody | Self::UnreadAnswer | Self::Idle => {
                Code::RequestTimeout
            }
            _ => Code::MalformedRequest,
        }
    }

    /// The metric's label: one of few words.
    pub fn label(self) -> &'static str {
        match self {
            Self::SlowHead | Self::SlowBody | Self::UnreadAnswer | Self::Idle => "slow",
            Self::HeadTooLong | Self::TooManyHeaders | Self::TargetTooLong => "too_long",
            Self::Flood => "flood",
            _ => "malformed",
        }
    }
}
