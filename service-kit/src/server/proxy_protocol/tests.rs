//! Headers as balancers write them, and as nobody should.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

const PREFIX: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// 198.51.100.7:4711 to 192.0.2.1:8080.
const IPV4: [u8; 12] = [198, 51, 100, 7, 192, 0, 2, 1, 0x12, 0x67, 0x1f, 0x90];

/// Version and command, family and protocol, then what follows the length.
fn version_2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).expect("a short header");
    [PREFIX, &[command, family], &length.to_be_bytes(), rest].concat()
}

/// What the header says, and what is left of the stream for who reads on.
async fn told(mut stream: &[u8]) -> (Result<Speaker, String>, Vec<u8>) {
    let read = read(&mut stream).await;
    (read.map_err(|error| error.to_string()), stream.to_vec())
}

fn speaks_for(address: &str) -> Result<Speaker, String> {
    Ok(Speaker::Client(address.parse().expect("an address")))
}

#[tokio::test]
async fn the_clients_address_is_read_and_nothing_of_what_follows() {
    let ipv6 = [
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7)
            .octets()
            .to_vec(),
        Ipv6Addr::LOCALHOST.octets().to_vec(),
        vec![0x12, 0x67, 0x1f, 0x90],
    ]
    .concat();
    let mapped = [
        Ipv4Addr::new(198, 51, 100, 7)
            .to_ipv6_mapped()
            .octets()
            .to_vec(),
        ipv6[16..].to_vec(),
    ]
    .concat();
    let with_extensions = [&IPV4[..], &[4, 0, 3, 1, 2, 3]].concat();
    for (header, expected) in [
        (
            b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 8080\r\n".to_vec(),
            "198.51.100.7:4711",
        ),
        (
            b"PROXY TCP6 2001:db8::7 ::1 4711 8080\r\n".to_vec(),
            "[2001:db8::7]:4711",
        ),
        (
            b"PROXY TCP6 ::ffff:198.51.100.7 ::1 4711 8080\r\n".to_vec(),
            "198.51.100.7:4711",
        ),
        (version_2(0x21, 0x11, &IPV4), "198.51.100.7:4711"),
        (version_2(0x21, 0x11, &with_extensions), "198.51.100.7:4711"),
        (version_2(0x21, 0x21, &ipv6), "[2001:db8::7]:4711"),
        (version_2(0x21, 0x21, &mapped), "198.51.100.7:4711"),
    ] {
        for after in [&b""[..], b"\x16\x03\x01", b"\r\n", b"PROXY UNKNOWN\r\n"] {
            let (speaker, left) = told(&[&header, after].concat()).await;
            assert_eq!(speaker, speaks_for(expected), "{header:?}");
            assert_eq!(left, after, "{header:?}");
        }
    }
}

#[tokio::test]
async fn a_balancers_own_connection_is_its_own_whatever_else_its_header_says() {
    for header in [
        b"PROXY UNKNOWN\r\n".to_vec(),
        b"PROXY UNKNOWN 198.51.100.7 192.0.2.1 4711 8080\r\n".to_vec(),
        version_2(0x20, 0x00, &[]),
        version_2(0x20, 0x11, &IPV4),
        version_2(0x20, 0x00, &[4, 0, 1, 0]),
    ] {
        assert_eq!(told(&header).await.0, Ok(Speaker::Balancer), "{header:?}");
    }
}

/// Proves: edge-forwarded-for
#[tokio::test]
async fn without_a_header_nothing_is_guessed() {
    for start in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00"[..],
        b"GET / HTTP/1.1\r\n",
        b"proxy TCP4 198.51.100.7 192.0.2.1 4711 8080\r\n",
        b"PROXYTCP4 198.51.100.7",
        b"\r\n\r\n\0\r\nQUIX\n",
    ] {
        let refused = Err(Fault::Missing.to_string());
        assert_eq!(told(start).await.0, refused, "{start:?}");
    }
}

#[tokio::test]
async fn a_header_that_is_not_whole_is_not_believed() {
    let line = b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 8080\r\n".to_vec();
    for header in [line, version_2(0x21, 0x11, &IPV4)] {
        for cut in 0..header.len() {
            let (speaker, _) = told(&header[..cut]).await;
            assert!(speaker.is_err(), "{:?}", &header[..cut]);
        }
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_read_is_refused() {
    for header in [
        b"PROXY TCP4 198.51.100.7 192.0.2.1 4711\r\n".to_vec(),
        b"PROXY TCP4 2001:db8::7 ::1 4711 8080\r\n".to_vec(),
        b"PROXY TCP4 198.51.100.7 192.0.2.1 70000 8080\r\n".to_vec(),
        b"PROXY UDP4 198.51.100.7 192.0.2.1 4711 8080\r\n".to_vec(),
        b"PROXY TCP4 localhost 192.0.2.1 4711 8080\r\n".to_vec(),
        b"PROXY TCP4  198.51.100.7 192.0.2.1 4711 8080\r\n".to_vec(),
        b"PROXY UNKNOWN\rX 198.51.100.7\r\n".to_vec(),
        b"PROXY \xff\xfe UNKNOWN\r\n".to_vec(),
        // Version 1 and 3, an unknown command, addresses that do not fit into the announced length.
        version_2(0x11, 0x11, &IPV4),
        version_2(0x31, 0x11, &IPV4),
        version_2(0x22, 0x11, &IPV4),
        version_2(0x21, 0x11, &IPV4[..11]),
        version_2(0x21, 0x41, &IPV4),
    ] {
        let refused = Err(Fault::Malformed.to_string());
        assert_eq!(told(&header).await.0, refused, "{header:?}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_be_told_from_others_is_refused() {
    for (family, rest) in [
        (0x00, &[][..]),
        (0x01, &[]),
        (0x10, &IPV4),
        (0x12, &IPV4),
        (0x31, &[0; 216]),
    ] {
        let refused = Err(Fault::NotTcp.to_string());
        let header = version_2(0x21, family, rest);
        assert_eq!(told(&header).await.0, refused, "{family:#x}");
    }
}

#[tokio::test]
async fn a_header_is_no_longer_than_its_bound() {
    let line = |length: usize| {
        let filling = "x".repeat(length - b"PROXY UNKNOWN \r\n".len());
        format!("PROXY UNKNOWN {filling}\r\n").into_bytes()
    };
    let too_long = Err(Fault::TooLong.to_string());
    assert_eq!(told(&line(LONGEST_LINE)).await.0, Ok(Speaker::Balancer));
    assert_eq!(told(&line(LONGEST_LINE + 1)).await.0, too_long);
    // Refused as soon as it is announced: nothing of it is waited for, or kept.
    let announced = [PREFIX, &[0x21, 0x11, 0xff, 0xff]].concat();
    assert_eq!(told(&announced).await.0, too_long);
    let rest = vec![0; LONGEST - LENGTH.end];
    let longest = version_2(0x20, 0x00, &rest);
    assert_eq!(told(&longest).await.0, Ok(Speaker::Balancer));
}

proptest! {
    #[test]
    fn any_header_of_a_balancer_names_its_client(source: SocketAddr, destination: SocketAddr, after: Vec<u8>) {
        let (family, rest) = match (source, destination) {
            (SocketAddr::V4(source), SocketAddr::V4(destination)) =>
                (0x11, [source.ip().octets(), destination.ip().octets()].concat()),
            (SocketAddr::V6(source), SocketAddr::V6(destination)) =>
                (0x21, [source.ip().octets(), destination.ip().octets()].concat()),
            _ => return Ok(()),
        };
        let ports = [source.port().to_be_bytes(), destination.port().to_be_bytes()].concat();
        let binary = version_2(0x21, family, &[rest, ports].concat());
        let line = format!(
            "PROXY TCP{} {} {} {} {}\r\n",
            if source.is_ipv4() { 4 } else { 6 },
            source.ip(), destination.ip(), source.port(), destination.port(),
        );
        let expected = SocketAddr::new(source.ip().to_canonical(), source.port());
        for header in [binary, line.into_bytes()] {
            assert_eq!(lacking(&header), Ok(0));
            assert_eq!(speaker(&header), Ok(Speaker::Client(expected)));
            // Taken step by step, it ends where it ends, whatever follows.
            let stream = [&header[..], &after].concat();
            let mut taken = 0;
            while let Ok(more @ 1..) = lacking(&stream[..taken]) {
                taken += more;
            }
            assert_eq!(taken, header.len());
        }
    }

    #[test]
    fn no_stream_breaks_the_reader(stream: Vec<u8>, of_version: Option<bool>) {
        let beginning: &[u8] = match of_version {
            Some(true) => PREFIX,
            Some(false) => b"PROXY TCP4 ",
            None => b"",
        };
        let stream = [beginning, &stream].concat();
        let mut taken = 0;
        while let Ok(more @ 1..) = lacking(&stream[..taken]) {
            taken += more;
            prop_assert!(taken <= LONGEST);
            if taken > stream.len() {
                return Ok(());
            }
        }
        let _ = speaker(&stream[..taken]);
    }
}
