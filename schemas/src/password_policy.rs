//! Which passwords are accepted. Length first, then what guessers try first (NIST SP 800-63B section 3.1.1.2): no rules
//! about capitals and digits, which only make passwords predictable.

use std::collections::BTreeSet;

/// In characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

const FEWEST_DISTINCT: usize = 5;

/// What guessers try first among the passwords that are long enough to get this far: runs of keys, and words said twice.
const COMMON: [&str; 36] = [
    "000000000000",
    "111111111111",
    "012345678901",
    "0123456789012",
    "098765432109",
    "123123123123",
    "123412341234",
    "1234567890123",
    "123456789012",
    "12345678901234567890",
    "123456789123",
    "123456789abc",
    "1234567890qwerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "administrator",
    "administrateur",
    "azertyuiop123",
    "azertyuiopqs",
    "azertyuiopqsdfghjklm",
    "changemechangeme",
    "iloveyouiloveyou",
    "jetaimejetaime",
    "letmeinletmein",
    "motdepasse12",
    "motdepasse123",
    "motdepasse1234",
    "passwordpassword",
    "password1234",
    "password12345",
    "qwertyuiop123",
    "qwertyuiopasdfghjkl",
];

/// Counts characters, not bytes: `é` is one.
pub fn has_accepted_length(password: &str) -> bool {
    LENGTH.contains(&password.chars().count())
}

/// Whether a guesser who knows the pseudo finds it soon.
pub fn is_weak(password: &str, pseudo: Option<&str>) -> bool {
    let folded = password.to_lowercase();
    let distinct: BTreeSet<char> = folded.chars().collect();
    let names_its_owner = pseudo
        .filter(|pseudo| !pseudo.is_empty())
        .is_some_and(|pseudo| folded.contains(&pseudo.to_lowercase()));
    distinct.len() < FEWEST_DISTINCT || names_its_owner || COMMON.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_guessers_try_first_is_weak() {
        for weak in [
            "PasswordPassword",
            "aaaaBBBBaaaabbbb",
            "abcabcabcabcabc",
            "xxAlIcE-travels-far",
        ] {
            assert!(is_weak(weak, Some("alice")), "{weak}");
        }
        assert!(!is_weak("correct horse battery", Some("alice")));
        assert!(!is_weak("correct horse battery", None));
    }

    #[test]
    fn every_common_password_would_pass_the_length_rule() {
        assert!(COMMON.iter().all(|common| has_accepted_length(common)));
    }
}
