//! One line of a pattern, in parts, and whether a line that came is made of them.

use super::ids::Ids;

pub(super) const ANYTHING: char = '…';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Literal(&'a str),
    /// `…`
    Anything,
    /// A UUID.
    Id(&'a str),
    /// `2026-11-21T11:04:24.991Z`
    Moment(&'a str),
}

/// An elision alone on its line is the whole line, whatever its indent.
pub(super) fn parts(line: &str) -> Vec<Part<'_>> {
    if line.trim().chars().eq([ANYTHING]) {
        return vec![Part::Anything];
    }
    let mut parts = Vec::new();
    let (mut literal, mut at) = (0, 0);
    let mut in_word = false;
    while let Some(sign) = line[at..].chars().next() {
        let rest = &line[at..];
        let special = match sign {
            ANYTHING => Some((Part::Anything, sign.len_utf8())),
            _ if in_word => None,
            _ => id(rest)
                .map(|id| (Part::Id(id), id.len()))
                .or_else(|| moment(rest).map(|moment| (Part::Moment(moment), moment.len()))),
        };
        let (part, length) = special.unzip();
        if let Some(part) = part {
            if literal < at {
                parts.push(Part::Literal(&line[literal..at]));
            }
            parts.push(part);
        }
        at += length.unwrap_or(sign.len_utf8());
        if part.is_some() {
            literal = at;
        }
        in_word = part.is_none() && sign.is_ascii_alphanumeric();
    }
    if literal < line.len() {
        parts.push(Part::Literal(&line[literal..]));
    }
    parts
}

/// Ids are bound on the way, and unbound where the way leads nowhere.
pub(super) fn all_match(parts: &[Part<'_>], line: &str, ids: &mut Ids) -> bool {
    let Some((part, others)) = parts.split_first() else {
        return line.is_empty();
    };
    match *part {
        Part::Literal(text) => line
            .strip_prefix(text)
            .is_some_and(|rest| all_match(others, rest, ids)),
        Part::Moment(_) => {
            moment(line).is_some_and(|came| all_match(others, &line[came.len()..], ids))
        }
        Part::Id(shown) => id(line).is_some_and(|came| {
            let known = ids.count();
            let matched = ids.bind(shown, came) && all_match(others, &line[came.len()..], ids);
            if !matched {
                ids.forget_after(known);
            }
            matched
        }),
        Part::Anything if others.is_empty() => true,
        Part::Anything => {
            let places = line.char_indices().map(|(place, _)| place);
            let mut places = places.chain([line.len()]);
            places.any(|place| all_match(others, &line[place..], ids))
        }
    }
}

/// The UUID at the start of the text.
fn id(text: &str) -> Option<&str> {
    let shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    shaped(text, shape)
}

/// The moment at the start of the text: RFC 3339, in UTC, with or without a fraction of a second.
fn moment(text: &str) -> Option<&str> {
    let start = shaped(text, "0000-00-00T00:00:00")?;
    let rest = &text[start.len()..];
    let fraction = rest.strip_prefix('.').map_or(0, |digits| {
        1 + digits.len()
            - digits
                .trim_start_matches(|sign: char| sign.is_ascii_digit())
                .len()
    });
    let end = start.len() + fraction;
    text[end..].starts_with('Z').then(|| &text[..=end])
}

/// As much of the text as has this shape: `x` a hexadecimal digit, `0` a decimal one, everything else itself.
fn shaped<'a>(text: &'a str, shape: &str) -> Option<&'a str> {
    let start = text.get(..shape.len())?;
    let fits = |(sign, wanted): (char, char)| match wanted {
        'x' => sign.is_ascii_hexdigit(),
        '0' => sign.is_ascii_digit(),
        _ => sign == wanted,
    };
    start.chars().zip(shape.chars()).all(fits).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_something_stands_for_something_else() {
        let id = "dd132df4-a86f-4b77-ac72-ac74222e9960";
        let line = format!("a {id}…b 2026-11-21T11:04:24.991Z");
        assert_eq!(
            parts(&line),
            [
                Part::Literal("a "),
                Part::Id(id),
                Part::Anything,
                Part::Literal("b "),
                Part::Moment("2026-11-21T11:04:24.991Z"),
            ]
        );
        assert_eq!(parts("  … "), [Part::Anything]);
        assert_eq!(parts("2026-11-21"), [Part::Literal("2026-11-21")]);
        let within = format!("e{id}");
        assert_eq!(parts(&within), [Part::Literal(&within)]);
    }
}
