//! ETags and what clients ask by them: not to be sent what they have (`If-None-Match`), and not to overwrite what
//! they have not seen (`If-Match`). RFC 9110 sections 8.8.3 and 13.1.
//!
//! A tour's ETag is its version, `"v3"`: strong, because one version has one representation.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use service_kit::error::{ApiError, Code, Fault, Rule};

pub(super) fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The tags of one header.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`
    Any,
    List(Vec<Tag>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    weak: bool,
    /// With its quotes.
    opaque: Vec<u8>,
}

/// The condition of a read. A header that cannot be read asks for nothing: the answer is then sent whole.
#[derive(Debug, Clone)]
pub(super) struct IfNoneMatch(Option<Tags>);

impl IfNoneMatch {
    /// Whether the client has this version; a weak tag counts too (section 13.1.2).
    pub(super) fn has(&self, version: i64) -> bool {
        match &self.0 {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::List(tags)) => tags
                .iter()
                .any(|tag| tag.opaque == etag(version).as_bytes()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(
            tags_of(&parts.headers, IF_NONE_MATCH).unwrap_or_default(),
        ))
    }
}

/// The condition of a change. It must be there (428), and it must be readable (400).
#[derive(Debug, Clone)]
pub(super) struct IfMatch(Tags);

impl IfMatch {
    /// Compares with the tour as it is, and gives the version to demand of the store: `None` for `*`.
    ///
    /// # Errors
    /// `precondition_failed` when the client has seen another version. A weak tag never matches (section 13.1.1).
    pub(super) fn expect(&self, current: i64) -> Result<Option<i64>, ApiError> {
        let Tags::List(tags) = &self.0 else {
            return Ok(None);
        };
        let seen = tags
            .iter()
            .any(|tag| !tag.weak && tag.opaque == etag(current).as_bytes());
        if seen {
            return Ok(Some(current));
        }
        Err(Code::PreconditionFailed.into())
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match tags_of(&parts.headers, IF_MATCH) {
            Ok(Some(tags)) => Ok(Self(tags)),
            Ok(None) => Err(Code::PreconditionRequired.into()),
            Err(Unreadable) => Err(ApiError::invalid(
                Code::MalformedRequest,
                vec![Fault::new("If-Match", Rule::Format)],
            )),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Unreadable;

/// Reads `*`, or a list of entity tags over one or more lines. Commas may stand inside a tag.
fn tags_of(headers: &HeaderMap, name: HeaderName) -> Result<Option<Tags>, Unreadable> {
    let lines: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(|value| value.as_bytes())
        .collect();
    match lines.as_slice() {
        [] => return Ok(None),
        [line] if line.trim_ascii() == b"*" => return Ok(Some(Tags::Any)),
        _ => {}
    }
    let mut tags = Vec::new();
    for mut rest in lines {
        loop {
            rest = rest.trim_ascii_start();
            if let Some(after) = rest.strip_prefix(b",") {
                rest = after;
            } else if rest.is_empty() {
                break;
            } else {
                let (tag, after) = first_tag(rest).ok_or(Unreadable)?;
                tags.push(tag);
                rest = after.trim_ascii_start();
                if !rest.is_empty() && !rest.starts_with(b",") {
                    return Err(Unreadable);
                }
            }
        }
    }
    if tags.is_empty() {
        return Err(Unreadable);
    }
    Ok(Some(Tags::List(tags)))
}

/// `[W/]"..."` at the beginning, and what follows it.
fn first_tag(text: &[u8]) -> Option<(Tag, &[u8])> {
    let strong = text.strip_prefix(b"W/");
    let weak = strong.is_some();
    let text = strong.unwrap_or(text);
    let inner = text.strip_prefix(b"\"")?;
    let length = inner.iter().position(|&byte| byte == b'"')?;
    // etagc: no space and no control character (section 8.8.3).
    if inner[..length]
        .iter()
        .any(|&byte| byte <= b' ' || byte == 0x7f)
    {
        return None;
    }
    let (opaque, after) = text.split_at(length + 2);
    let opaque = opaque.to_vec();
    Some((Tag { weak, opaque }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(&name, line.parse().expect("a header value"));
        }
        headers
    }

    #[test]
    fn a_client_that_has_the_version_is_known_by_any_form_of_the_list() {
        for (lines, has) in [
            (&[][..], false),
            (&["*"], true),
            (&["\"v3\""], true),
            (&["W/\"v3\""], true),
            (&["\"a,b\", \"v3\""], true),
            (&[",, \"v1\",\"v3\" ,"], true),
            (&["\"v1\"", "\"v3\""], true),
            (&["\"v33\""], false),
            (&["v3"], false),
            (&["\"v3"], false),
            (&["\"v1\" \"v3\""], false),
            (&["*, \"v3\""], false),
        ] {
            let tags = tags_of(&headers(IF_NONE_MATCH, lines), IF_NONE_MATCH);
            assert_eq!(
                IfNoneMatch(tags.unwrap_or_default()).has(3),
                has,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_change_needs_the_current_version_in_a_strong_tag_or_a_star() {
        for (line, expected) in [
            ("\"v3\"", Ok(Some(3))),
            ("\"v2\", \"v3\"", Ok(Some(3))),
            ("*", Ok(None)),
            ("W/\"v3\"", Err(())),
            ("\"v2\"", Err(())),
        ] {
            let tags = tags_of(&headers(IF_MATCH, &[line]), IF_MATCH)
                .expect("readable")
                .expect("there");
            assert_eq!(IfMatch(tags).expect(3).map_err(|_| ()), expected, "{line}");
        }
        for bad in ["v3", "\"v3", "\"v 3\"", "", ",", "w/\"v3\"", "\"v3\"x"] {
            let read = tags_of(&headers(IF_MATCH, &[bad]), IF_MATCH);
            assert_eq!(read, Err(Unreadable), "{bad}");
        }
    }
}
