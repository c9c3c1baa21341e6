//! Passwords and secrets that nobody can guess (R7).

use aws_lc_rs::rand;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Letters and digits that nobody mistakes for each other when a teacher writes them on a board.
const ALPHABET: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// 20 characters of the alphabet: 116 bits.
pub fn password() -> String {
    characters(20)
}

/// 43 characters of the alphabet: 249 bits. Nothing in it must be escaped in a shell or a header.
pub fn client_secret() -> String {
    characters(43)
}

/// 32 random bytes in base64.
pub fn key() -> String {
    let mut bytes = [0; 32];
    fill(&mut bytes);
    BASE64_STANDARD.encode(bytes)
}

/// A random number below `limit`, where a little unevenness does no harm (a day of the year, not a secret).
pub fn below(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    u32::from_le_bytes(bytes) % limit.max(1)
}

fn characters(count: usize) -> String {
    std::iter::repeat_with(character).take(count).collect()
}

/// Bytes past the last whole multiple of the alphabet are thrown away: every character is as likely as any other.
fn character() -> char {
    let whole = 256 - 256 % ALPHABET.len();
    loop {
        let mut byte = [0];
        fill(&mut byte);
        let place = usize::from(byte[0]);
        if place < whole {
            return char::from(ALPHABET[place % ALPHABET.len()]);
        }
    }
}

fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the system gives random bytes");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Proves: R7
    #[test]
    fn passwords_are_long_and_never_repeat() {
        let passwords: BTreeSet<String> = (0..200).map(|_| password()).collect();
        assert_eq!(passwords.len(), 200);
        assert!(passwords.iter().all(|password| password.len() == 20));
    }

    /// Proves: R7
    #[test]
    fn a_key_is_32_bytes() {
        assert_eq!(BASE64_STANDARD.decode(key()).expect("base64").len(), 32);
    }
}
