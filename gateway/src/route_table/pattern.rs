//! Path patterns (`/api/tours/{id}`) and the upstream paths that are made from them.

use std::cmp::Ordering;

use crate::canonical::canonical;

/// Patterns with more segments are refused; it bounds the work of one look-up.
const MOST_SEGMENTS: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Literal(Box<str>),
    /// Matches any one segment; the name links it to the upstream path.
    Parameter(Box<str>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) Vec<Segment>);

/// How two patterns stand to each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Overlap {
    /// No path matches both, or where one does, one of them is the more exact throughout and wins.
    None,
    /// They match the very same paths.
    Same,
    /// Some path matches both, and neither is the more exact.
    Doubtful,
}

impl Pattern {
    /// # Errors
    /// A sentence that says what is doubtful about the pattern.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or("a path begins with a slash")?;
        let segments: Vec<Segment> = rest
            .split('/')
            .map(parse_segment)
            .collect::<Result<_, _>>()?;
        if segments.len() > MOST_SEGMENTS {
            return Err(format!("a path has at most {MOST_SEGMENTS} segments"));
        }
        let pattern = Self(segments);
        for (index, name) in pattern.parameters() {
            if pattern
                .parameters()
                .any(|(other, twin)| other > index && twin == name)
            {
                return Err(format!("the parameter {{{name}}} is there twice"));
            }
        }
        Ok(pattern)
    }

    pub(super) fn overlap(&self, other: &Self) -> Overlap {
        if self.0.len() != other.0.len() {
            return Overlap::None;
        }
        let mut more_exact = Ordering::Equal;
        for pair in self.0.iter().zip(&other.0) {
            let here = match pair {
                (Segment::Literal(mine), Segment::Literal(theirs)) if mine != theirs => {
                    return Overlap::None;
                }
                (Segment::Literal(_), Segment::Parameter(_)) => Ordering::Greater,
                (Segment::Parameter(_), Segment::Literal(_)) => Ordering::Less,
                _ => Ordering::Equal,
            };
            if here == more_exact.reverse() && here != Ordering::Equal {
                // A later segment may still keep them apart.
                return if self.is_apart_from(other) {
                    Overlap::None
                } else {
                    Overlap::Doubtful
                };
            }
            more_exact = more_exact.then(here);
        }
        if more_exact == Ordering::Equal {
            Overlap::Same
        } else {
            Overlap::None
        }
    }

    fn is_apart_from(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(
            |pair| matches!(pair, (Segment::Literal(mine), Segment::Literal(theirs)) if mine != theirs),
        )
    }

    fn parameters(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(index, segment)| match segment {
                Segment::Parameter(name) => Some((index, &**name)),
                Segment::Literal(_) => None,
            })
    }
}

fn parse_segment(text: &str) -> Result<Segment, String> {
    if let Some(name) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        let plain = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        return plain
            .then(|| Segment::Parameter(name.into()))
            .ok_or(format!(
                "{{{name}}}: a parameter's name is lower-case letters"
            ));
    }
    match canonical(&format!("/{text}")) {
        Ok(form) if !text.is_empty() && form[1..] == *text => Ok(Segment::Literal(text.into())),
        Ok(_) => Err("a path has no empty segment and no lower-case escape".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

/// Makes the upstream's path from the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamPath(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// The caller's segment at this place, with its slash.
    Segment(usize),
}

impl UpstreamPath {
    /// # Errors
    /// A sentence, when the path is doubtful or uses a parameter that `pattern` does not have.
    pub(super) fn parse(text: &str, pattern: &Pattern) -> Result<Self, String> {
        let mut parts = Vec::new();
        for segment in Pattern::parse(text)?.0 {
            match (segment, parts.last_mut()) {
                (Segment::Literal(text), Some(Part::Literal(before))) => {
                    *before += &format!("/{text}")
                }
                (Segment::Literal(text), _) => parts.push(Part::Literal(format!("/{text}"))),
                (Segment::Parameter(name), _) => {
                    let place = pattern.parameters().find(|(_, known)| **known == *name);
                    let (index, _) = place.ok_or(format!("`path` has no parameter {{{name}}}"))?;
                    parts.push(Part::Segment(index));
                }
            }
        }
        Ok(Self(parts))
    }

    /// `path` is canonical and matches the route's pattern.
    pub fn render(&self, path: &str) -> String {
        let mut rendered = String::with_capacity(path.len());
        for part in &self.0 {
            match part {
                Part::Literal(text) => rendered.push_str(text),
                Part::Segment(index) => {
                    rendered.push('/');
                    rendered.push_str(path.split('/').nth(index + 1).unwrap_or_default());
                }
            }
        }
        rendered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).expect(text)
    }

    #[test]
    fn a_doubtful_pattern_is_refused() {
        for text in [
            "",
            "/",
            "api",
            "/api/",
            "//api",
            "/api/../x",
            "/api/{id",
            "/api/x{id}",
            "/api/{Id}",
            "/api/{}",
            "/{id}/{id}",
            "/a/b/c/d/e/f/g/h/i",
            "/api/%2e",
            "/api/;x",
            "/a b",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn overlap_is_told_from_precedence() {
        for (one, other, expected) in [
            ("/api/tours/search", "/api/tours/{id}", Overlap::None),
            ("/api/tours", "/api/tours/{id}", Overlap::None),
            ("/a/{x}", "/a/{y}", Overlap::Same),
            ("/a/b", "/a/b", Overlap::Same),
            ("/a/{x}/c", "/a/b/{y}", Overlap::Doubtful),
            ("/{x}/b/c", "/a/{y}/d", Overlap::None),
            ("/{x}/b", "/a/{y}", Overlap::Doubtful),
        ] {
            assert_eq!(
                pattern(one).overlap(&pattern(other)),
                expected,
                "{one} {other}"
            );
            assert_eq!(
                pattern(other).overlap(&pattern(one)),
                expected,
                "{other} {one}"
            );
        }
    }

    #[test]
    fn an_upstream_path_is_made_of_literals_and_the_callers_segments() {
        let from = pattern("/api/bookings/{id}/cancel");
        let to = UpstreamPath::parse("/bookings/{id}/cancel", &from).expect("a path");
        assert_eq!(to.render("/api/bookings/42/cancel"), "/bookings/42/cancel");
        assert!(UpstreamPath::parse("/bookings/{other}", &from).is_err());
    }
}
