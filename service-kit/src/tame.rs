//! Text of strangers, made fit to be written down: it cannot break a line, steer a terminal or fill a disk.

/// At most `longest` characters of the text; control characters and invisible ones are escaped.
pub fn tame(text: &str, longest: usize) -> String {
    if text.len() <= longest && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut tamed = String::with_capacity(text.len().min(longest));
    for character in text.chars().take(longest) {
        if character.is_control() || is_invisible(character) {
            tamed.extend(character.escape_default());
        } else {
            tamed.push(character);
        }
    }
    tamed
}

/// Line and paragraph separators, and marks that reverse the direction of what follows.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: R20, API8:2019
    #[test]
    fn what_a_client_sends_cannot_forge_a_line_or_fill_the_disk() {
        assert_eq!(tame("curl/8.5 (x)", 200), "curl/8.5 (x)");
        assert_eq!(
            tame("a\r\nb\u{1b}[2Jc\u{202e}d\u{85}e", 200),
            r"a\r\nb\u{1b}[2Jc\u{202e}d\u{85}e"
        );
        assert_eq!(tame(&"é".repeat(1_000), 200).chars().count(), 200);
    }
}
