//! The rules of a new account, wherever it comes from: the register form or the seed file.

use secrecy::{ExposeSecret, SecretString};
use service_kit::error::Rule;
use validator::ValidateEmail;

use crate::password_policy;

/// In characters, which are all ASCII.
pub const PSEUDO_LENGTH: std::ops::RangeInclusive<usize> = 3..=30;

/// In bytes: the longest address that mail can carry (RFC 5321 section 4.5.3.1.3, without the angle brackets).
pub const EMAIL_MOST: usize = 254;

/// Every rule that a field breaks, with the field's pointer, the most telling first. Absent fields break none here.
pub fn broken_rules(
    pseudo: Option<&str>,
    email: Option<&str>,
    password: Option<&SecretString>,
) -> Vec<(&'static str, Rule)> {
    let mut broken = Vec::new();
    if let Some(text) = pseudo {
        if !PSEUDO_LENGTH.contains(&text.chars().count()) {
            broken.push(("/pseudo", length(&PSEUDO_LENGTH)));
        } else if !is_pseudo(text) {
            broken.push(("/pseudo", Rule::Format));
        }
    }
    if email.is_some_and(|text| text.len() > EMAIL_MOST || !text.validate_email()) {
        broken.push(("/email", Rule::Email));
    }
    if let Some(password) = password.map(ExposeSecret::expose_secret) {
        if !password_policy::has_accepted_length(password) {
            broken.push(("/password", length(&password_policy::LENGTH)));
        } else if password_policy::is_weak(password, pseudo) {
            broken.push(("/password", Rule::Weak));
        }
    }
    broken
}

fn length(range: &std::ops::RangeInclusive<usize>) -> Rule {
    Rule::Length {
        min: *range.start() as u64,
        max: *range.end() as u64,
    }
}

/// ASCII letters only: `аlice` with a Cyrillic letter must not pass for `alice`.
fn is_pseudo(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    PSEUDO_LENGTH.contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudo_is_3_to_30_ascii_letters_digits_and_three_signs() {
        for good in ["bob", "Alice_1", "a.b-c", &"a".repeat(30)] {
            assert!(is_pseudo(good), "{good}");
        }
        for bad in [
            "",
            "al",
            &"a".repeat(31),
            "a b",
            "a@b",
            "\u{430}lice",
            "éloïse",
            "a\nb",
        ] {
            assert!(!is_pseudo(bad), "{bad:?}");
        }
    }
}
