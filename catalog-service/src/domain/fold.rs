//! Folding: two texts that a reader takes for the same become the same, whatever their accents, case, ligatures,
//! hyphens and apostrophes. `L'Île-de-Bréhat` and `l ile de brehat` both fold to `l ile de brehat`.
//!
//! Folding is for comparing only; the text that was given is what is stored and shown.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-case words without marks, one space between two of them.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Compatibility decomposition: also the ligature of f and i, full-width letters, superscript digits.
    let letters = text.nfkd().filter(|&c| !is_combining_mark(c));
    for letter in letters.flat_map(char::to_lowercase) {
        push_folded(letter, &mut folded);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The letters that Unicode does not decompose, and what only separates words.
fn push_folded(letter: char, folded: &mut String) {
    match letter {
        'œ' => folded.push_str("oe"),
        'æ' => folded.push_str("ae"),
        'ß' => folded.push_str("ss"),
        'þ' => folded.push_str("th"),
        'ø' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' | 'ð' => folded.push('d'),
        'ħ' => folded.push('h'),
        'ı' => folded.push('i'),
        'ς' => folded.push('σ'),
        _ if is_invisible(letter) || is_combining_mark(letter) => {}
        _ if separates_words(letter) => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        _ => folded.push(letter),
    }
}

/// Soft hyphen, zero-width and bidirectional marks, byte order mark: they change how a text is shown, not what it says.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// White space, hyphens, dashes, apostrophes and quotes (U+2010 to U+2027 holds the typographic ones), the punctuation
/// of sentences. Other signs (`%`, `_`, `&`)
/// are parts of words.
fn separates_words(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(
            letter,
            '\u{2010}'..='\u{2027}' | '-' | '−' | '\'' | '"' | '«' | '»' | '‹' | '›'
        )
        || matches!(
            letter,
            ',' | ';' | ':' | '.' | '!' | '?' | '¿' | '¡' | '(' | ')' | '[' | ']' | '/' | '·'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_ligatures_and_punctuation_make_no_difference() {
        for (text, expected) in [
            ("Château", "chateau"),
            ("CHATEAU", "chateau"),
            ("Cha\u{302}teau", "chateau"),
            ("cœur de bœuf, Æsop", "coeur de boeuf aesop"),
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("L'Île-de-Bréhat", "l ile de brehat"),
            ("L’Île‑de‑Bréhat", "l ile de brehat"),
            ("  Saint\u{a0}Malo\n!", "saint malo"),
            (
                "Łódź, Tromsø, İstanbul, Reykjavík",
                "lodz tromso istanbul reykjavik",
            ),
            ("ﬁn ２０２７", "fin 2027"),
            ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
            ("pa\u{200b}ris \u{202e}sirap\u{202c}", "paris sirap"),
            ("100 % a_b \\", "100 % a_b \\"),
            ("-- ' \" …", ""),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_folded_text_folds_to_itself() {
        for text in [
            "L'Île-de-Bréhat",
            "ẞﬁ½ ǅ ΐ 가 が",
            "فاس مَكْناس",
            "\u{1f600} a…b",
        ] {
            let folded = fold(text);
            assert_eq!(fold(&folded), folded, "{text:?}");
        }
    }
}
