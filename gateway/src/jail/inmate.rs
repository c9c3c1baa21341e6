//! Whom points and bans are kept for: an address or a user.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

const USER_PREFIX: &str = "user:";
/// A token's subject is never longer; see [`crate::tokens`].
const LONGEST_SUBJECT: usize = 128;

/// Its text is the key by which an operator names it: `203.0.113.9`, `2001:db8:0:7::/64`, `user:7b6d2f3e-...`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Inmate {
    Address(IpAddr),
    /// The subject of a verified token: a user's id, or an application's.
    User(Arc<str>),
}

impl Inmate {
    pub const SIDES: [&str; 2] = ["address", "user"];

    /// An IPv6 address counts with its whole /64: one subscriber has all of it, and could take another address for
    /// every request.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            v4 => v4,
        })
    }

    pub fn user(subject: &str) -> Self {
        Self::User(subject.into())
    }

    /// `address` or `user`.
    pub fn side(&self) -> &'static str {
        match self {
            Self::Address(_) => Self::SIDES[0],
            Self::User(_) => Self::SIDES[1],
        }
    }
}

impl fmt::Display for Inmate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(network)) => write!(f, "{network}/64"),
            Self::User(subject) => write!(f, "{USER_PREFIX}{subject}"),
        }
    }
}

/// A text that names nobody who could be in the jail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address (203.0.113.9, 2001:db8::1, 2001:db8::/64), or user: and an id")]
pub struct NoInmate;

impl FromStr for Inmate {
    type Err = NoInmate;

    fn from_str(text: &str) -> Result<Self, NoInmate> {
        if let Some(subject) = text.strip_prefix(USER_PREFIX) {
            let plain = subject.bytes().all(|byte| byte.is_ascii_graphic());
            let fits = (1..=LONGEST_SUBJECT).contains(&subject.len());
            return (plain && fits).then(|| Self::user(subject)).ok_or(NoInmate);
        }
        let address: IpAddr = match text.strip_suffix("/64") {
            Some(network) => IpAddr::V6(network.parse().map_err(|_| NoInmate)?),
            None => text.parse().map_err(|_| NoInmate)?,
        };
        Ok(Self::address(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Inmate, NoInmate> {
        text.parse()
    }

    #[test]
    fn an_ipv6_address_stands_for_its_64_and_a_mapped_one_for_its_ipv4() {
        let one = read("2001:db8:0:7:1::1").expect("an address");
        assert_eq!(Ok(&one), read("2001:db8:0:7:ffff::2").as_ref());
        assert_ne!(Ok(&one), read("2001:db8:0:8::1").as_ref());
        assert_eq!(one.to_string(), "2001:db8:0:7::/64");
        assert_eq!(read("::ffff:203.0.113.9"), read("203.0.113.9"));
    }

    #[test]
    fn what_is_shown_is_read_back_and_nothing_else_is() {
        for text in [
            "203.0.113.9",
            "2001:db8:0:7::/64",
            "user:7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10",
            "user:app",
        ] {
            assert_eq!(read(text).expect(text).to_string(), text);
        }
        for text in ["", "user:", "user:a b", "203.0.113.9/64", "localhost", "1"] {
            assert_eq!(read(text), Err(NoInmate), "{text}");
        }
    }
}
