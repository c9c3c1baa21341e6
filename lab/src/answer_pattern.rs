//! Compares what a command printed with what a text shows: `…` stands for any run of characters, and alone on a line for
//! any number of lines.

const ANYTHING: char = '…';

/// Where they part: the first line of the pattern that nothing matches, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    pub wanted: String,
    pub came: String,
}

/// The whole output must be accounted for.
pub fn compare(pattern: &str, output: &str) -> Result<(), Parted> {
    let pattern: Vec<&str> = pattern.lines().map(str::trim_end).collect();
    let output: Vec<&str> = output.lines().map(str::trim_end).collect();
    let mut furthest = (0, 0);
    if lines_match(&pattern, &output, (0, 0), &mut furthest) {
        return Ok(());
    }
    let at = |lines: &[&str], place: usize| lines.get(place).copied().unwrap_or("").to_owned();
    Err(Parted {
        wanted: at(&pattern, furthest.0),
        came: at(&output, furthest.1),
    })
}

/// `furthest` is the pair of lines that was reached last: what a reader is told of.
fn lines_match(
    pattern: &[&str],
    output: &[&str],
    at: (usize, usize),
    furthest: &mut (usize, usize),
) -> bool {
    *furthest = (*furthest).max(at);
    let (p, o) = at;
    match pattern.get(p) {
        None => o == output.len(),
        Some(line) if is_elision(line) => {
            (o..=output.len()).any(|next| lines_match(pattern, output, (p + 1, next), furthest))
        }
        Some(line) => {
            output.get(o).is_some_and(|came| line_matches(line, came))
                && lines_match(pattern, output, (p + 1, o + 1), furthest)
        }
    }
}

fn is_elision(line: &str) -> bool {
    line.trim() == ANYTHING.to_string()
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split(ANYTHING);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipsis_is_any_run_within_a_line_and_any_lines_alone() {
        for (pattern, output) in [
            ("HTTP/2 429", "HTTP/2 429 \r\n"),
            ("retry-after: …", "retry-after: 57"),
            (
                r#"{"requestId":"…","code":"…"}"#,
                r#"{"requestId":"1-2","code":"x"}"#,
            ),
            ("a\n…\nz", "a\nb\nc\nz"),
            ("a\n…\nz", "a\nz"),
            ("…\nb\n…", "a\nb"),
        ] {
            assert_eq!(compare(pattern, output), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_shown_is_not_silently_accepted() {
        for (pattern, output) in [
            ("HTTP/2 429", "HTTP/2 200"),
            ("a", "a\nb"),
            ("a\nb", "a"),
            ("a…a", "a"),
            ("a\n…\nz", "a\nb"),
            ("", "a"),
        ] {
            assert!(compare(pattern, output).is_err(), "{pattern}");
        }
    }

    #[test]
    fn the_place_where_they_part_is_told() {
        let parted = compare("a\nb…\nc", "a\nb1\nd").expect_err("c is not d");
        assert_eq!((parted.wanted.as_str(), parted.came.as_str()), ("c", "d"));
    }
}
