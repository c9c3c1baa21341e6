//! Reads the head of an HTTP/1.1 request in the one way that RFC 9112 leaves when nothing is forgiven.
//!
//! hyper forgives: a missing or a second `Host`, a bare LF, an absolute target, `Content-Length` beside
//! `Transfer-Encoding`, the same `Content-Length` twice. Each of these is read in another way by some other program,
//! and a request that two programs read differently is how another one is smuggled past the first (RFC 9112 section
//! 11.2). So what is here is judged before hyper sees a byte of it.
//!
//! Lines end in CRLF and hold neither CR nor LF when they come here: [`super::lines`] has seen to that.

use http::uri::{Authority, PathAndQuery};

use super::Fault;

/// The longest target that is looked at; RFC 9110 section 4.1 asks for 8,000 octets at the least.
pub(super) const LONGEST_TARGET: usize = 8 * 1024;
/// More headers than this no client sends; hyper's own limit is the same.
pub(super) const MOST_HEADERS: usize = 100;

/// All that this platform has routes for; and `OPTIONS` and `TRACE`, which get their 405 as over HTTP/2. `CONNECT` is not
/// among them.
const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];

/// Where the body of a request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
}

/// The request line, without its line end: exactly `METHOD SP target SP HTTP/1.1` (RFC 9112 section 3).
pub(super) fn check_request_line(line: &[u8]) -> Result<(), Fault> {
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Fault::RequestLine);
    };
    if !is_version(version) || !is_token(method) {
        return Err(Fault::RequestLine);
    }
    // HTTP/1.0 has no Host, no chunks and another idea of who closes: nobody speaks it that has a token to show.
    if version != b"HTTP/1.1" {
        return Err(Fault::Version);
    }
    let method = std::str::from_utf8(method).map_err(|_| Fault::RequestLine)?;
    check_method(method)?;
    check_target(target)
}

/// Methods are case-sensitive (RFC 9110 section 9.1): `get` is an unknown one.
pub(super) fn check_method(method: &str) -> Result<(), Fault> {
    match method {
        "CONNECT" => Err(Fault::Connect),
        method if METHODS.contains(&method) => Ok(()),
        _ => Err(Fault::UnknownMethod),
    }
}

/// Origin form alone (RFC 9112 section 3.2.1). A fragment never travels; `http` would cut it off without a word.
fn check_target(target: &[u8]) -> Result<(), Fault> {
    if target.len() > LONGEST_TARGET {
        return Err(Fault::TargetTooLong);
    }
    let visible = target.iter().all(|byte| matches!(byte, b'!'..=b'~'));
    if !visible || target.first() != Some(&b'/') || target.contains(&b'#') {
        return Err(Fault::Target);
    }
    PathAndQuery::try_from(target)
        .map(drop)
        .map_err(|_| Fault::Target)
}

/// The header lines, each with its line end, without the empty line that ends them.
pub(super) fn framing(fields: &[u8]) -> Result<Framing, Fault> {
    let mut known = Known::default();
    let mut count = 0;
    for line in fields.split_inclusive(|byte| *byte == b'\n') {
        count += 1;
        if count > MOST_HEADERS {
            return Err(Fault::TooManyHeaders);
        }
        let (name, value) = field(line.trim_suffix_crlf())?;
        known.note(name, value)?;
    }
    known.framing()
}

/// One header line (RFC 9112 section 5): no fold, no space before the colon, no control character.
pub(super) fn field(line: &[u8]) -> Result<(&[u8], &[u8]), Fault> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Err(Fault::FoldedLine);
    }
    let colon = line.iter().position(|byte| *byte == b':');
    let (name, value) = line.split_at(colon.ok_or(Fault::NoHeader)?);
    if !is_token(name) {
        return Err(Fault::NoHeader);
    }
    let value = value[1..].trim_ascii();
    // What is beyond ASCII is opaque (RFC 9110 section 5.5); what is a control character is an attack.
    if value
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        return Err(Fault::ControlCharacter);
    }
    Ok((name, value))
}

/// The headers that decide where the request goes and where it ends.
#[derive(Default)]
struct Known {
    host: bool,
    length: Option<u64>,
    chunked: bool,
    expectation: bool,
}

impl Known {
    fn note(&mut self, name: &[u8], value: &[u8]) -> Result<(), Fault> {
        if name.eq_ignore_ascii_case(b"host") {
            check_host(value)?;
            once(&mut self.host, Fault::HostTwice)
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let length = self.length.replace(number(value)?);
            length.map_or(Ok(()), |_| Err(Fault::LengthTwice))
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if value != b"chunked" {
                return Err(Fault::Coding);
            }
            once(&mut self.chunked, Fault::Coding)
        } else if name.eq_ignore_ascii_case(b"expect") {
            check_expectation(value)?;
            once(&mut self.expectation, Fault::Expectation)
        } else {
            Ok(())
        }
    }

    fn framing(self) -> Result<Framing, Fault> {
        match (self.host, self.length, self.chunked) {
            (false, _, _) => Err(Fault::HostMissing),
            (true, Some(_), true) => Err(Fault::LengthAndCoding),
            (true, None, true) => Ok(Framing::Chunked),
            (true, length, false) => Ok(Framing::Length(length.unwrap_or(0))),
        }
    }
}

fn once(seen: &mut bool, fault: Fault) -> Result<(), Fault> {
    if std::mem::replace(seen, true) {
        return Err(fault);
    }
    Ok(())
}

/// `host` or `host:port`, never empty, never with a user (RFC 9110 section 7.2).
pub(super) fn check_host(value: &[u8]) -> Result<(), Fault> {
    let authority = Authority::try_from(value).map_err(|_| Fault::HostInvalid)?;
    // `http` keeps a port that is no port: what is behind the host must be one that can be read.
    let bare = authority.as_str() == authority.host();
    let whole = !authority.host().is_empty() && (bare || authority.port_u16().is_some());
    if authority.as_str().contains('@') || !whole {
        return Err(Fault::HostInvalid);
    }
    Ok(())
}

/// Anything else that a server might understand shifts where the body begins.
pub(super) fn check_expectation(value: &[u8]) -> Result<(), Fault> {
    if value.eq_ignore_ascii_case(b"100-continue") {
        return Ok(());
    }
    Err(Fault::Expectation)
}

/// Digits alone: no sign, no list (`5, 5`), nothing that overflows.
fn number(value: &[u8]) -> Result<u64, Fault> {
    let digits = value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).ok().filter(|_| digits);
    text.and_then(|text| text.parse().ok())
        .ok_or(Fault::LengthInvalid)
}

fn is_version(word: &[u8]) -> bool {
    matches!(word, [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// RFC 9110 section 5.6.2.
fn is_token(word: &[u8]) -> bool {
    let in_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !word.is_empty() && word.iter().all(in_token)
}

trait Line {
    fn trim_suffix_crlf(&self) -> &[u8];
}

impl Line for [u8] {
    fn trim_suffix_crlf(&self) -> &[u8] {
        self.strip_suffix(b"\r\n").unwrap_or(self)
    }
}

#[cfg(test)]
mod tests;
