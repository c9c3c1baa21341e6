//! Compares what a command printed with what a text shows: `…` stands for any run of characters, and alone on a line for
//! any number of lines. An id stands for the one that came (see [`Ids`]), a moment for any other.

pub mod ids;
mod part;

use ids::Ids;
use part::Part;

/// Where they part: the first line of the pattern that nothing matches, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    pub wanted: String,
    pub came: String,
}

/// The whole output must be accounted for. Ids that the text shows for the first time are known from here on.
pub fn compare(pattern: &str, output: &str, ids: &mut Ids) -> Result<(), Parted> {
    let pattern: Vec<&str> = pattern.lines().map(str::trim_end).collect();
    let output: Vec<&str> = output.lines().map(str::trim_end).collect();
    let mut furthest = (0, 0);
    if lines_match(&pattern, &output, (0, 0), ids, &mut furthest) {
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
    ids: &mut Ids,
    furthest: &mut (usize, usize),
) -> bool {
    *furthest = (*furthest).max(at);
    let (p, o) = at;
    match pattern.get(p).map(|line| (line, part::parts(line))) {
        None => o == output.len(),
        Some((_, parts)) if parts == [Part::Anything] => (o..=output.len())
            .any(|next| lines_match(pattern, output, (p + 1, next), ids, furthest)),
        Some((_, parts)) => {
            let known = ids.count();
            let matched = output
                .get(o)
                .is_some_and(|came| part::all_match(&parts, came, ids))
                && lines_match(pattern, output, (p + 1, o + 1), ids, furthest);
            if !matched {
                ids.forget_after(known);
            }
            matched
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "dd132df4-a86f-4b77-ac72-ac74222e9960";
    const OTHER: &str = "c7452278-9268-4a78-9774-226cee22c15a";

    fn compared(pattern: &str, output: &str) -> Result<(), Parted> {
        compare(pattern, output, &mut Ids::default())
    }

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
            ("a…b…c", "a b b c"),
        ] {
            assert_eq!(compared(pattern, output), Ok(()), "{pattern}");
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
            ("at 2026-11-21T11:04:24.991Z", "at noon"),
            ("id dd132df4-a86f-4b77-ac72-ac74222e9960", "id 7"),
        ] {
            assert!(compared(pattern, output).is_err(), "{pattern}");
        }
    }

    #[test]
    fn the_place_where_they_part_is_told() {
        let parted = compared("a\nb…\nc", "a\nb1\nd").expect_err("c is not d");
        assert_eq!((parted.wanted.as_str(), parted.came.as_str()), ("c", "d"));
    }

    #[test]
    fn a_moment_is_any_moment() {
        let shown = r#"{"holdExpiresAt":"2026-11-21T11:04:24.991Z"}"#;
        assert_eq!(
            compared(shown, r#"{"holdExpiresAt":"2027-01-02T03:04:05Z"}"#),
            Ok(())
        );
    }

    #[test]
    fn an_id_that_was_shown_once_means_the_one_that_came() {
        let mut ids = Ids::default();
        assert_eq!(compare(ONE, OTHER, &mut ids), Ok(()));
        assert_eq!(
            ids.in_commands(&format!("curl /{ONE}")),
            format!("curl /{OTHER}")
        );
        assert!(compare(ONE, ONE, &mut ids).is_err(), "it means the other");
    }

    #[test]
    fn two_ids_of_a_text_are_never_one_and_the_same() {
        let both = format!("{ONE} {OTHER}");
        assert!(compared(&both, &format!("{ONE} {ONE}")).is_err());
        assert_eq!(compared(&both, &format!("{OTHER} {ONE}")), Ok(()));
    }

    #[test]
    fn an_id_that_a_command_names_first_is_that_id() {
        let mut ids = Ids::default();
        assert_eq!(ids.in_commands(ONE), ONE);
        assert!(compare(ONE, OTHER, &mut ids).is_err());
    }

    #[test]
    fn an_id_of_a_comparison_that_failed_is_not_kept() {
        let mut ids = Ids::default();
        assert!(compare(&format!("{ONE}\na"), &format!("{OTHER}\nb"), &mut ids).is_err());
        assert_eq!(ids.in_commands(ONE), ONE);
    }
}
