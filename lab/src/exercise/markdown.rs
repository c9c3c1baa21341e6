//! A lab's text on a terminal: the little of Markdown that the labs use. Without colours it stays Markdown, which reads
//! well as it is.

const BOLD: &str = "\x1b[1m";
const CODE: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

pub fn render(text: &str, color: bool) -> String {
    let mut in_code = false;
    let mut shown = String::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        // A comment is for the tests of the texts.
        if !in_code && line.starts_with("<!--") || is_fence && color {
            continue;
        }
        if !color {
            shown.extend([line, "\n"]);
            continue;
        }
        let line = match in_code {
            true => format!("    {CODE}{line}{PLAIN}"),
            false => paragraph(line),
        };
        shown.extend([line.as_str(), "\n"]);
    }
    shown
}

fn paragraph(line: &str) -> String {
    if line.starts_with('#') {
        return format!("{BOLD}{}{PLAIN}", line.trim_start_matches(['#', ' ']));
    }
    spans(&spans(line, "**", BOLD), "`", CODE)
}

/// What stands between two marks gets its colour; a mark that is never closed is left as it is.
fn spans(line: &str, mark: &str, color: &str) -> String {
    let mut parts = line.split(mark).peekable();
    let mut shown = parts.next().unwrap_or_default().to_owned();
    while let Some(inside) = parts.next() {
        match parts.next() {
            Some(after) => shown.extend([color, inside, PLAIN, after]),
            None => shown.extend([mark, inside]),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_is_changed() {
        let text = "# Titre\n\n**a** `b`\n```sh\nls\n```\n";
        assert_eq!(render(text, false), text);
    }

    #[test]
    fn a_comment_is_for_nobody_who_reads() {
        let text = "a\n\n<!-- not run: why -->\n```sh\n<!-- code -->\n```\n";
        assert_eq!(render(text, false), "a\n\n```sh\n<!-- code -->\n```\n");
        assert!(!render(text, true).contains("not run"));
    }

    #[test]
    fn headings_bold_words_and_code_are_shown_and_their_marks_are_not() {
        let shown = render(
            "## Pourquoi\nUn **mot** et `du code`.\n```sh\ncurl **x**\n```\n",
            true,
        );
        assert_eq!(
            shown,
            format!(
                "{BOLD}Pourquoi{PLAIN}\nUn {BOLD}mot{PLAIN} et {CODE}du code{PLAIN}.\n    {CODE}curl **x**{PLAIN}\n"
            )
        );
    }

    #[test]
    fn a_lonely_mark_stays() {
        assert_eq!(paragraph("2 ** 3 et `ouvert"), "2 ** 3 et `ouvert");
    }
}
