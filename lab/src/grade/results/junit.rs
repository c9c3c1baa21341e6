//! JUnit's XML, as continuous integration shows it: a suite for each submission, a case for each criterion.

use std::fmt::Write as _;

use escale_exercises::Lang;

use super::{Ending, Graded, Results};

pub fn document(results: &Results, lang: Lang) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for graded in &results.graded {
        suite(&mut text, graded, lang);
    }
    text.push_str("</testsuites>\n");
    text
}

fn suite(text: &mut String, graded: &Graded, lang: Lang) {
    let name = escaped(&format!("{} {}", graded.lab, graded.student));
    let failed = graded.report.failed().len();
    // What stands in the way of all criteria is a case of its own.
    let whole = usize::from(!matches!(graded.ending, Ending::Judged));
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" time=\"{:.1}\">",
        graded.report.judged.len() + whole,
        failed + whole,
        graded.seconds,
    );
    let _ = writeln!(
        text,
        "    <properties><property name=\"mark\" value=\"{:.1}\"/></properties>",
        graded.mark
    );
    if whole == 1 {
        let comment = escaped(&graded.comment(lang));
        let _ = writeln!(
            text,
            "    <testcase name=\"submission\" classname=\"{name}\"><failure message=\"{comment}\"/></testcase>"
        );
    }
    for judged in &graded.report.judged {
        let id = escaped(&judged.id);
        let _ = write!(text, "    <testcase name=\"{id}\" classname=\"{name}\"");
        match &judged.failure {
            None => text.push_str("/>\n"),
            Some(failure) => {
                let title = escaped(judged.title.get(lang));
                let evidence = escaped(&failure.to_string());
                let _ = writeln!(
                    text,
                    "><failure message=\"{title}\">{evidence}</failure></testcase>"
                );
            }
        }
    }
    text.push_str("  </testsuite>\n");
}

/// Control characters have no place in XML 1.0, not even escaped; a submission may answer with any.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' => safe.push(sign),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {
                safe.push('\u{fffd}');
            }
            sign => safe.push(sign),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::results::tests::results;

    #[test]
    fn what_a_submission_answered_cannot_break_the_document() {
        let text = document(&results(), Lang::En);
        assert!(
            text.contains("&lt;200 &amp; &quot;x&quot;&gt;\u{fffd}"),
            "{text}"
        );
        assert!(text.contains("tests=\"2\" failures=\"1\""), "{text}");
        assert!(text.contains("<testcase name=\"submission\""), "{text}");
    }
}
