//! The bank's token for a card. Card numbers never reach Escale.

use secrecy::{ExposeSecret, SecretString};

/// Longer is no token of any bank.
const LONGEST: usize = 64;

/// Whether a text can be a token: it begins with a letter, and holds letters, digits, `_` and `-`. A card number
/// does not, so one that is sent by mistake is refused here and written nowhere (PCI DSS requirement 3).
pub fn is_well_formed(token: &SecretString) -> bool {
    let token = token.expose_secret();
    token.len() <= LONGEST
        && token.starts_with(|first: char| first.is_ascii_alphabetic())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_and_a_card_number_is_not() {
        for good in ["tok_accepted", "tok_1-A", "x"] {
            assert!(is_well_formed(&good.into()), "{good}");
        }
        let long = format!("t{}", "o".repeat(LONGEST));
        for bad in [
            "",
            "4242424242424242",
            "4242 4242 4242 4242",
            "tok 1",
            "tok\n",
            "tök",
            "_tok",
            &long,
        ] {
            assert!(!is_well_formed(&bad.into()), "{bad}");
        }
    }
}
