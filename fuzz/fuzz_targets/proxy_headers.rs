//! Whatever a load balancer's connection begins with: the header is bounded, it ends where it ends, and the client that
//! it names is the one that its bytes spell.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use libfuzzer_sys::fuzz_target;
use service_kit::server::proxy_protocol::{Speaker, lacking, speaker};

/// The longest header that is taken.
const LONGEST: usize = 2_048;

/// How much of the stream is the header; `None` where it is refused, or not all there.
fn length(stream: &[u8]) -> Option<usize> {
    let mut taken = 0;
    loop {
        match lacking(stream.get(..taken)?) {
            Ok(0) => return Some(taken),
            Ok(more) => taken += more,
            Err(_) => return None,
        }
        assert!(taken <= LONGEST);
    }
}

/// The client that the header's bytes spell, by other means than those of the platform.
fn spelt(header: &[u8]) -> Option<SocketAddr> {
    if let Some(line) = header.strip_prefix(b"PROXY TCP") {
        let line = std::str::from_utf8(line).ok()?;
        let mut words = line.split(' ').skip(1);
        let address: IpAddr = words.next()?.parse().ok()?;
        let port = words.nth(1)?.parse().ok()?;
        return Some(SocketAddr::new(address.to_canonical(), port));
    }
    let (family, rest) = (header.get(13)?, header.get(16..)?);
    let (address, port): (IpAddr, usize) = match family >> 4 {
        1 => {
            let octets: [u8; 4] = rest.get(..4)?.try_into().ok()?;
            (Ipv4Addr::from(octets).into(), 8)
        }
        _ => {
            let octets: [u8; 16] = rest.get(..16)?.try_into().ok()?;
            (Ipv6Addr::from(octets).to_canonical(), 32)
        }
    };
    let port = u16::from_be_bytes(rest.get(port..port + 2)?.try_into().ok()?);
    Some(SocketAddr::new(address, port))
}

fuzz_target!(|stream: &[u8]| {
    let Some(end) = length(stream) else {
        return;
    };
    let header = &stream[..end];
    // What follows changes nothing.
    assert_eq!(length(header), Some(end));
    if let Ok(Speaker::Client(client)) = speaker(header) {
        assert_eq!(Some(client), spelt(header));
    }
});
