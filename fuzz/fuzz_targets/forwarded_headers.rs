//! Whatever `X-Forwarded-For` holds, the client is the first speaker, from the connection on, who is not a trusted
//! proxy, or the last trusted one where the next cannot be read; what stands further left changes nothing.
#![no_main]

use std::iter::once;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::LazyLock;

use gateway::client_address::{ClientAddress, FORWARDED_FOR, TrustedProxies};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use service_kit::networks::Networks;

static PROXIES: LazyLock<TrustedProxies> =
    LazyLock::new(|| Networks::parse("10.0.0.0/8, 2001:db8:1::/48").expect("networks").into());

const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const OTHER_PROXY: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2));
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
/// An IPv4 client as a socket for both families shows it.
const MAPPED_STRANGER: IpAddr = IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0xcb00, 0x7107));

fn client<'a>(peer: IpAddr, lines: impl IntoIterator<Item = &'a [u8]>) -> IpAddr {
    let mut headers = HeaderMap::new();
    for line in lines {
        let line = HeaderValue::from_bytes(line).expect("only header values get here");
        headers.append(FORWARDED_FOR, line);
    }
    let ClientAddress(address) = PROXIES.client(peer, &headers);
    address
}

/// The networks above, told apart by other means than those of the gateway.
fn trusted(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[0] == 10,
        IpAddr::V6(address) => address.segments()[..3] == [0x2001, 0xdb8, 1],
    }
}

/// The address that a hop names: the one that a proxy is believed to have seen, whichever proxy says it.
fn named(hop: &[u8]) -> Option<IpAddr> {
    let heard = client(PROXY, [hop]);
    let named = (heard == client(OTHER_PROXY, [hop])).then_some(heard);
    let text = std::str::from_utf8(hop).map(str::trim).unwrap_or_default();
    let plain = text.parse::<IpAddr>();
    let with_port = text.parse::<SocketAddr>().map(|socket| socket.ip());
    if let Ok(address) = plain.or(with_port) {
        assert_eq!(named, Some(address.to_canonical()));
    }
    named
}

/// `hops` from right to left, the nearest speaker first.
fn judge(peer: IpAddr, hops: &[&[u8]]) {
    let speakers: Vec<Option<IpAddr>> = once(Some(peer.to_canonical()))
        .chain(hops.iter().map(|hop| named(hop)))
        .collect();
    let believed = speakers
        .iter()
        .take_while(|speaker| speaker.is_some_and(trusted))
        .count();
    let first_stranger = speakers.get(believed).copied().flatten();
    let expected = first_stranger.or_else(|| speakers[believed - 1]);

    let left_to_right = |hops: &[&[u8]]| {
        let hops: Vec<&[u8]> = hops.iter().rev().copied().collect();
        hops.join(&b","[..])
    };
    assert_eq!(Some(client(peer, [&*left_to_right(hops)])), expected);
    // A hop a line is the same list.
    let lines = hops.iter().rev().copied();
    assert_eq!(Some(client(peer, lines)), expected);
    // The hop that ends the chain is the last that counts.
    let counted = &hops[..believed.min(hops.len())];
    if first_stranger.is_some() {
        assert_eq!(Some(client(peer, [&*left_to_right(counted)])), expected);
    }
    if !trusted(peer.to_canonical()) {
        assert_eq!(expected, Some(peer.to_canonical()));
    }
}

fuzz_target!(|written: &[u8]| {
    let lines = written.split(|byte| *byte == b'\n');
    // No server hands on a line that is no header value.
    let lines: Vec<&[u8]> = lines
        .filter(|line| HeaderValue::from_bytes(line).is_ok())
        .collect();
    let hops: Vec<&[u8]> = lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(|byte| *byte == b','))
        .collect();
    for peer in [PROXY, OTHER_PROXY, STRANGER, MAPPED_STRANGER] {
        judge(peer, &hops);
    }
    // What a client writes cannot displace what its proxy appends.
    let appended = [&b"203.0.113.7"[..]]
        .into_iter()
        .chain(hops)
        .collect::<Vec<_>>();
    assert_eq!(client(PROXY, appended.into_iter().rev()), STRANGER);
});
