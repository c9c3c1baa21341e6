//! A user's account, and the two names by which it is found.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::role::Role;

/// An account as it is stored: its e-mail address stays sealed until somebody needs it.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: Uuid,
    pub pseudo: String,
    pub email_sealed: String,
    pub password_hash: String,
    pub role: Role,
    pub created_at: Timestamp,
}

/// How a user names an account at login. A pseudo cannot hold an `@`, so the two never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier<'a> {
    Pseudo(&'a str),
    Email(&'a str),
}

impl<'a> Identifier<'a> {
    pub fn of(text: &'a str) -> Self {
        if text.contains('@') {
            Self::Email(text)
        } else {
            Self::Pseudo(text)
        }
    }
}

/// The form in which two pseudos that differ only by case are equal.
pub fn pseudo_key(pseudo: &str) -> String {
    pseudo.to_ascii_lowercase()
}

/// The form in which two addresses that differ only by case are equal. RFC 5321 lets the part before the `@` be
/// case-sensitive; no provider in use does, and people type both.
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_an_at_sign_is_an_address() {
        assert_eq!(Identifier::of("alice"), Identifier::Pseudo("alice"));
        assert_eq!(Identifier::of("a@b.c"), Identifier::Email("a@b.c"));
    }
}
