//! Scopes: what a token lets its bearer do (RFC 6749 section 3.3).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Every scope of the platform.
pub const ALL: [&str; 8] = [
    "profile",
    "keys",
    "tours:read",
    "tours:write",
    "bookings:read",
    "bookings:write",
    "payments:read",
    "payments:write",
];

/// A set of scopes; written with one space between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Of names that this program holds.
    pub fn known(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self(names.into_iter().map(str::to_owned).collect())
    }

    /// Reads the `scope` parameter; `None` when it does not follow the grammar, an empty one included.
    pub fn parse(text: &str) -> Option<Self> {
        let names: BTreeSet<String> = text.split(' ').map(str::to_owned).collect();
        names
            .iter()
            .all(|name| is_name(name))
            .then_some(Self(names))
    }

    /// Whether each of these is also one of `limit`.
    pub fn is_within(&self, limit: &Self) -> bool {
        self.0.is_subset(&limit.0)
    }

    pub fn names(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }

    pub fn are_all_known(&self) -> bool {
        self.0.iter().all(|name| ALL.contains(&name.as_str()))
    }
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("no list of scopes")]
pub struct NoScopes;

impl FromStr for Scopes {
    type Err = NoScopes;

    fn from_str(text: &str) -> Result<Self, NoScopes> {
        Self::parse(text).ok_or(NoScopes)
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    !name.is_empty() && name.bytes().all(allowed)
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_breaks_the_grammar_is_no_scope() {
        for bad in ["", " ", "a  b", " a", "a ", "a\tb", "a\"b", "a\\b", "é"] {
            assert_eq!(Scopes::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        let scopes = Scopes::parse("tours:read profile tours:read").expect("scopes");
        assert_eq!(scopes.to_string(), "profile tours:read");
        assert!(scopes.is_within(&Scopes::known(ALL)));
        assert!(!Scopes::parse("tours").expect("a scope").are_all_known());
    }
}
