//! Whose request it is, as far as an address can tell: what limits, jail, audit and the access log go by.
//!
//! The address of the connection is the only one that a client cannot choose; a TCP load balancer tells it by the PROXY
//! protocol (`service_kit::server::proxy_protocol`). A proxy that speaks HTTP in front of the gateway hides it too,
//! so those that the operator names are believed, and no other: each appends the address that it saw to
//! `X-Forwarded-For`, so the list is read from its right end, for as long as the speaker is trusted. What stands further
//! left was written by the client.
//!
//! `Forwarded` (RFC 7239) and `X-Real-IP` are never read, not from a trusted proxy either: one that appends to
//! `X-Forwarded-For` hands the others on as the client sent them.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use service_kit::networks::Networks;

pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address, IPv4 in its own form even where it arrived mapped into IPv6; an extension of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The networks whose word on a client's address is taken: `TRUSTED_PROXIES`. None unless it is set.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Networks);

impl From<Networks> for TrustedProxies {
    fn from(networks: Networks) -> Self {
        Self(networks)
    }
}

impl TrustedProxies {
    /// The client of a connection from `peer` that sent these headers.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        let lines = headers.get_all(&FORWARDED_FOR).iter().rev();
        // By bytes: what the client wrote may be no text, and must not make its proxy's part unreadable.
        let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for hop in hops {
            if !self.0.contain(client) {
                break;
            }
            // A hop that cannot be read ends the chain: the last speaker who is known answers for the request.
            let Some(address) = address_of(hop) else {
                break;
            };
            client = address;
        }
        ClientAddress(client)
    }
}

/// `203.0.113.9`, `203.0.113.9:1234`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:1234`.
fn address_of(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None if hop.matches(':').count() == 1 => hop.split_once(':')?.0,
        None => hop,
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn client(proxies: &str, peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes());
            headers.append(FORWARDED_FOR, line.expect("a header value"));
        }
        for name in ["forwarded", "x-real-ip", "x-client-ip", "true-client-ip"] {
            headers.insert(name, "for=192.0.2.66".parse().expect("a header value"));
        }
        let proxies = TrustedProxies::from(Networks::parse(proxies).expect("a list of networks"));
        let ClientAddress(address) = proxies.client(peer.parse().expect("an address"), &headers);
        address.to_string()
    }

    /// Proves: edge-forwarded-for
    #[test]
    fn without_a_trusted_proxy_the_connection_alone_counts() {
        for forged in [&[][..], &["198.51.100.7"], &["127.0.0.1, 10.0.0.1"]] {
            assert_eq!(client("", "203.0.113.9", forged), "203.0.113.9");
            assert_eq!(client("10.0.0.0/8", "203.0.113.9", forged), "203.0.113.9");
        }
        assert_eq!(client("", "::ffff:203.0.113.9", &[]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_from_the_right_end_on() {
        let proxies = "10.0.0.0/8, 2001:db8:1::/48";
        for (lines, expected) in [
            (&["198.51.100.7"][..], "198.51.100.7"),
            // The client wrote the left part itself.
            (&["192.0.2.66, 198.51.100.7"], "198.51.100.7"),
            (&["192.0.2.66", "198.51.100.7"], "198.51.100.7"),
            (&["192.0.2.66, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
            (&["198.51.100.7, 2001:db8:1::5,10.1.2.3"], "198.51.100.7"),
            // A trusted name that the client forged to the left of its own address.
            (&["192.0.2.66, 10.9.9.9, 198.51.100.7"], "198.51.100.7"),
            (&["198.51.100.7:4711"], "198.51.100.7"),
            (&["[2001:db8:2::7]:4711"], "2001:db8:2::7"),
            (&["[2001:db8:2::7]"], "2001:db8:2::7"),
            (&["::ffff:198.51.100.7"], "198.51.100.7"),
            (&["\u{e9}, 198.51.100.7"], "198.51.100.7"),
            // Nobody but proxies: the furthest of them.
            (&["10.1.2.3"], "10.1.2.3"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(client(proxies, "10.0.0.1", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_hop_that_cannot_be_read_ends_the_chain_at_who_is_known() {
        for rubbish in [
            "unknown",
            "_hidden",
            "",
            "1.2.3",
            "[::1",
            "1.2.3.4.5:6",
            "é",
        ] {
            let line = format!("192.0.2.66, {rubbish}, 10.1.2.3");
            assert_eq!(client("10.0.0.0/8", "10.0.0.1", &[&line]), "10.1.2.3");
        }
    }
}
