//! By what a request is counted.

use std::fmt;
use std::net::IpAddr;

/// Compared, never shown: in a log it would be a person's address or id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// See [`Key::address`].
    Address(u64),
    /// A token's subject.
    Subject(Box<str>),
}

/// Upper half of an IPv4 key. As an IPv6 prefix it would lie in `::/8`, which is reserved (RFC 4291 section 2.4) and
/// no client's.
const IPV4: u64 = 0x00ff_ffff << 32;

impl Key {
    /// An IPv4 address whole; of IPv6 the first 64 bits. A subscriber gets a /64 at the least (RFC 6177), so who is
    /// counted by his whole address has 2^64 of them.
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(address) => IPV4 | u64::from(address.to_bits()),
            IpAddr::V6(address) => (address.to_bits() >> 64) as u64,
        })
    }

    pub fn subject(subject: &str) -> Self {
        Self::Subject(subject.into())
    }

    /// For a store that knows keys by their bytes: no address has those of a subject.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Address(number) => [b"address:", &number.to_be_bytes()[..]].concat(),
            Self::Subject(subject) => [b"subject:", subject.as_bytes()].concat(),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address(_) => "Key::Address(..)",
            Self::Subject(_) => "Key::Subject(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::address(text.parse().expect("an address"))
    }

    #[test]
    fn ipv6_is_counted_by_its_64_and_ipv4_alike_in_both_its_forms() {
        assert_eq!(
            key("2001:db8:1:2::1"),
            key("2001:db8:1:2:ffff:ffff:ffff:ffff")
        );
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("203.0.113.9"), key("::ffff:203.0.113.9"));
        assert_ne!(key("203.0.113.9"), key("203.0.113.10"));
        assert_ne!(key("0.0.0.0"), key("::"));
    }

    #[test]
    fn a_key_is_small_because_there_may_be_a_million() {
        assert_eq!(size_of::<Key>(), 16);
    }
}
