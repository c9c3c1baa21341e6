//! One form of a path for policy, routing and upstream, or a refusal.
//!
//! CVE-2021-43557 and CVE-2021-29492: a gateway that decides on one reading of a path while the service behind it acts
//! on another has no policy at all. So nothing is repaired here. A path is accepted when there is only one way to
//! read it; the single thing that is rewritten is the case of hexadecimal digits (RFC 3986 section 6.2.2.1). An octet
//! may be percent-encoded only where it cannot stand for itself, so no two accepted spellings name one resource.
//!
//! Upper case is not touched: `/API/tours` is another path than `/api/tours`, and no route has it.

use std::borrow::Cow;

/// Why a path can be read in more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    #[error("the path does not begin with a slash")]
    NotAbsolute,
    #[error("the path has an empty segment or a trailing slash")]
    EmptySegment,
    #[error("the path has a dot segment")]
    DotSegment,
    #[error("the path has a character that must not stand in it")]
    Forbidden,
    #[error("a percent sign is not followed by two hexadecimal digits")]
    BrokenEscape,
    #[error("an octet is percent-encoded that can stand for itself, or that is dangerous")]
    NeedlessEscape,
    #[error("the decoded path is not UTF-8 text without control characters")]
    NotText,
}

/// The path's one form. Borrowed, at no cost, for nearly every request.
///
/// # Errors
/// [`PathFault`] when two readers of the path could disagree.
pub fn canonical(path: &str) -> Result<Cow<'_, str>, PathFault> {
    let segments = path.strip_prefix('/').ok_or(PathFault::NotAbsolute)?;
    if segments.is_empty() {
        return Ok(Cow::Borrowed(path));
    }
    let mut escaped = false;
    for segment in segments.split('/') {
        match segment {
            "" => return Err(PathFault::EmptySegment),
            "." | ".." => return Err(PathFault::DotSegment),
            _ => {}
        }
        for byte in segment.bytes() {
            escaped |= byte == b'%';
            if !stands_for_itself(byte) && byte != b'%' {
                return Err(PathFault::Forbidden);
            }
        }
    }
    if !escaped {
        return Ok(Cow::Borrowed(path));
    }
    rewrite_escapes(path)
}

/// What may stand in a segment as it is: RFC 3986's `pchar`, but for `;`. Some servers cut a segment at its `;`.
fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

/// The ASCII characters that a path can only hold in encoded form and that no server gives a meaning to.
/// Not among them: `/`, `\`, `;`, `?`, `#`, controls, and `%` itself, whose escape decodes twice (`%252e`).
fn may_be_escaped(byte: u8) -> bool {
    !byte.is_ascii() || b" \"<>[]^`{|}".contains(&byte)
}

fn rewrite_escapes(path: &str) -> Result<Cow<'_, str>, PathFault> {
    let mut form = String::with_capacity(path.len());
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        let digits = after.get(..2).ok_or(PathFault::BrokenEscape)?;
        // `from_str_radix` alone would take a sign: `%+1`.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(PathFault::BrokenEscape);
        }
        let byte = u8::from_str_radix(digits, 16).map_err(|_| PathFault::BrokenEscape)?;
        if !may_be_escaped(byte) {
            return Err(PathFault::NeedlessEscape);
        }
        form.push_str(before);
        form.push('%');
        form.push_str(&digits.to_ascii_uppercase());
        decoded.extend_from_slice(before.as_bytes());
        decoded.push(byte);
        rest = &after[2..];
    }
    form.push_str(rest);
    let text = std::str::from_utf8(&decoded).map_err(|_| PathFault::NotText)?;
    if text.chars().any(char::is_control) {
        return Err(PathFault::NotText);
    }
    Ok(Cow::Owned(form))
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: edge-path
    #[test]
    fn a_path_that_reads_in_two_ways_is_refused() {
        for (path, fault) in [
            ("", PathFault::NotAbsolute),
            ("*", PathFault::NotAbsolute),
            ("api/tours", PathFault::NotAbsolute),
            ("//api/tours", PathFault::EmptySegment),
            ("/api//tours", PathFault::EmptySegment),
            ("/api/tours/", PathFault::EmptySegment),
            ("/./api", PathFault::DotSegment),
            ("/x/../api", PathFault::DotSegment),
            ("/api/..", PathFault::DotSegment),
            ("/api/%2e%2e/x", PathFault::NeedlessEscape),
            ("/api/.%2E/x", PathFault::NeedlessEscape),
            ("/api%2ftours", PathFault::NeedlessEscape),
            ("/api%5ctours", PathFault::NeedlessEscape),
            ("/api/%252e%252e", PathFault::NeedlessEscape),
            ("/api/tours%00", PathFault::NeedlessEscape),
            ("/api/tours%0d%0aX", PathFault::NeedlessEscape),
            ("/api/tours%7f", PathFault::NeedlessEscape),
            ("/api/tours%3bx", PathFault::NeedlessEscape),
            ("/%61pi/tours", PathFault::NeedlessEscape),
            ("/api/tours%3Fq", PathFault::NeedlessEscape),
            ("/api/tours;x", PathFault::Forbidden),
            ("/api/..;/tours", PathFault::Forbidden),
            ("/api\\tours", PathFault::Forbidden),
            ("/api/été", PathFault::Forbidden),
            ("/api/{id}", PathFault::Forbidden),
            ("/api/\u{7f}", PathFault::Forbidden),
            ("/api/%", PathFault::BrokenEscape),
            ("/api/%4", PathFault::BrokenEscape),
            ("/api/%zz", PathFault::BrokenEscape),
            ("/api/%+1", PathFault::BrokenEscape),
            ("/api/%ff", PathFault::NotText),
            ("/api/%c0%ae", PathFault::NotText),
            ("/api/%c2%85", PathFault::NotText),
        ] {
            assert_eq!(canonical(path), Err(fault), "{path}");
        }
    }

    #[test]
    fn a_path_with_one_reading_passes_unchanged_but_for_the_case_of_its_escapes() {
        for path in [
            "/",
            "/api/tours",
            "/.well-known/jwks.json",
            "/API",
            "/a/...",
            "/a/x:y@z",
        ] {
            assert!(
                matches!(canonical(path), Ok(Cow::Borrowed(form)) if form == path),
                "{path}"
            );
        }
        assert_eq!(canonical("/a/%c3%a9").as_deref(), Ok("/a/%C3%A9"));
        assert_eq!(canonical("/a/b%20c").as_deref(), Ok("/a/b%20c"));
    }

    /// What the most obliging server might make of a path: everything decoded, twice, and then tidied.
    fn most_lenient_reading(path: &str) -> Vec<String> {
        let mut text = path.to_owned();
        for _ in 0..2 {
            text = decode(&text);
        }
        let mut segments = Vec::new();
        for segment in text.replace('\\', "/").to_lowercase().split('/') {
            match segment.split(';').next().unwrap_or_default() {
                "" | "." => {}
                ".." => drop(segments.pop()),
                name => segments.push(name.to_owned()),
            }
        }
        segments
    }

    fn decode(text: &str) -> String {
        let bytes = text.as_bytes();
        let (mut decoded, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let escape = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
            match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                Some(byte) => {
                    decoded.push(byte);
                    at += 3;
                }
                None => {
                    decoded.push(bytes[at]);
                    at += 1;
                }
            }
        }
        String::from_utf8_lossy(&decoded).into_owned()
    }

    /// Proves: edge-path
    #[test]
    fn no_accepted_path_is_read_differently_by_the_most_lenient_server() {
        let pieces = [
            "/", "api", "x", ".", "..", "%2e", "%2f", "%5c", "%252e", ";x", "%00", "\\", "%c3%a9",
            "%C3%A9", "%41", "%20", "%", "é",
        ];
        let mut accepted = 0;
        for number in 0..pieces.len().pow(4) {
            let tail =
                (0..4_u32).map(|place| pieces[number / pieces.len().pow(place) % pieces.len()]);
            let raw = format!("/api/{}", tail.collect::<String>());
            let Ok(form) = canonical(&raw) else { continue };
            accepted += 1;
            assert_eq!(canonical(&form).as_deref(), Ok(&*form), "{raw}: not stable");
            let strict: Vec<_> = form[1..]
                .split('/')
                .map(|part| decode(part).to_lowercase())
                .collect();
            assert_eq!(most_lenient_reading(&raw), strict, "{raw}");
        }
        assert!(accepted > 100, "the property was tried on {accepted} paths");
    }
}
