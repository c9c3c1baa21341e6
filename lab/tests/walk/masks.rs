//! Puts `…` in the place of what is another at every run.

/// Durations, ids, hashes, tokens. Everything else must stay as it is.
pub fn mask(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(mask_line).collect();
    lines.join("\n")
}

fn mask_line(line: &str) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let is_part = |sign: char| sign.is_alphanumeric() || "-_.,".contains(sign);
        let end = rest.find(|sign| !is_part(sign)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let unit = after
            .strip_prefix([' ', '\u{a0}', '\u{202f}'])
            .unwrap_or_default();
        let is_duration =
            is_number(word) && ["s", "ms", "min"].iter().any(|name| begins(unit, name));
        masked.push_str(if is_duration || is_random(word) {
            "…"
        } else {
            word
        });
        let mut signs = after.chars();
        masked.extend(signs.next());
        rest = signs.as_str();
    }
    masked
}

fn begins(text: &str, word: &str) -> bool {
    let after = text.strip_prefix(word);
    after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

fn is_number(word: &str) -> bool {
    let digit = |sign: char| sign.is_ascii_digit() || ".,".contains(sign);
    !word.is_empty() && word.chars().all(digit)
}

/// A UUID, a commit, a drawn word, a part of a token.
fn is_random(word: &str) -> bool {
    let hex = word
        .chars()
        .all(|sign| sign.is_ascii_hexdigit() || sign == '-');
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    hex && word.len() >= 7 && digits > 0 && letters > 0 || word.starts_with("eyJ")
}

#[test]
fn only_what_changes_is_masked() {
    for (line, masked) in [
        ("9/9 en 3,4 s (12 ms)", "9/9 en … s (… ms)"),
        (
            r#""requestId":"1449294c-82e1-4378-b703-0de3fdf34cb5""#,
            r#""requestId":"…""#,
        ),
        (
            "100 requêtes par 60 secondes, facade",
            "100 requêtes par 60 secondes, facade",
        ),
        (
            "gateway/src/layers/rate_limit.rs:41:9",
            "gateway/src/layers/rate_limit.rs:41:9",
        ),
    ] {
        assert_eq!(mask(line), masked);
    }
}
